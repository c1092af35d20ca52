/** A TCP link that can be broken: it listens on a port of 127.0.0.1 and carries connections to its targets. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Carried, carry } from './connection.ts';
import type { LinkFault, Way } from './link-fault.ts';
import type { Line } from './pipe.ts';
import type { TargetHealth } from './target-health.ts';

export interface Link {
  readonly name: string;
  /** Where it listens on 127.0.0.1. */
  readonly port: number;
  /** Where new connections go; with several targets the healthy ones in turn. Present connections stay. */
  readonly retarget: (ports: readonly number[]) => void;
  /** Applies to present and new connections. What a black hole swallowed is reset when it heals. */
  readonly set: (fault: LinkFault) => void;
  /** Resets all present connections now. */
  readonly cut: () => void;
  readonly connections: () => number;
  /** Resets what is left and stops listening. */
  readonly close: () => Promise<void>;
}

export interface LinkOptions {
  readonly name: string;
  /** Default: any free one. */
  readonly port?: number;
  readonly targets: readonly number[];
  /** Who of several targets can take a connection; without it each is tried in turn. */
  readonly health?: TargetHealth;
}

/** A target that does not take a connection by then is passed over for the next. */
const CONNECT_LIMIT_MS = 1_000;

interface State {
  fault: LinkFault;
  targets: readonly number[];
  turn: number;
  readonly health: TargetHealth | undefined;
  unwatch: () => void;
  readonly carried: Set<Carried>;
  readonly lines: Readonly<Record<Way, Line>>;
}

/** Opens a link; rejects when its port is taken. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const state: State = {
    fault: { kind: 'none' },
    targets: [],
    turn: 0,
    health: options.health,
    unwatch: () => undefined,
    carried: new Set(),
    lines: { 'to-server': { free_at_ms: 0 }, 'to-client': { free_at_ms: 0 } },
  };
  retarget(state, options.targets);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => take(state, client));
  const port = await listening(server, options.port ?? 0);
  const cut = () => {
    for (const each of state.carried) each.reset();
  };
  return {
    name: options.name,
    port,
    retarget: (ports) => retarget(state, ports),
    set: (fault) => {
      state.fault = fault;
      for (const each of state.carried) each.adjust();
    },
    cut,
    connections: () => state.carried.size,
    close: async () => {
      state.unwatch();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      await closed;
    },
  };
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => {
      // A listening TCP server has an address with a port.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function retarget(state: State, ports: readonly number[]): void {
  state.unwatch();
  state.targets = ports;
  state.unwatch = state.health?.watch(ports) ?? (() => undefined);
}

function take(state: State, client: Socket): void {
  if (state.fault.kind === 'refuse') {
    client.on('error', () => undefined);
    client.resetAndDestroy();
    return;
  }
  const carried = carry({
    client,
    connect: () => connectInTurn(state),
    lines: state.lines,
    fault: () => state.fault,
    onGone: () => state.carried.delete(carried),
  });
  state.carried.add(carried);
}

/**
 * The next healthy target that takes the connection. When none is said to be healthy, or none of those takes it, the
 * others are tried all the same: a probe may be wrong, and a server's own refusal says more than ours.
 */
async function connectInTurn(state: State): Promise<Socket | undefined> {
  const { targets, health } = state;
  state.turn += 1;
  const first = state.turn % Math.max(1, targets.length);
  const inTurn = [...targets.slice(first), ...targets.slice(0, first)];
  const isHealthy = (port: number) => health?.isHealthy(port) ?? true;
  const healthyFirst = [...inTurn.filter(isHealthy), ...inTurn.filter((port) => !isHealthy(port))];
  for (const port of healthyFirst) {
    const socket = await connected(port);
    if (socket !== undefined) return socket;
  }
  return undefined;
}

function connected(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const giveUp = () => {
      socket.destroy();
      resolve(undefined);
    };
    const patience = setTimeout(giveUp, CONNECT_LIMIT_MS);
    socket.once('error', giveUp);
    socket.once('connect', () => {
      clearTimeout(patience);
      socket.off('error', giveUp);
      resolve(socket);
    });
    socket.once('close', () => clearTimeout(patience));
  });
}
