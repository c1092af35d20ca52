/** Which of several servers can take a connection, asked again and again, for all links that share the answer. */
import { Agent, get } from 'node:http';
import { connect } from 'node:net';

/** `readyz`: an HTTP process says so itself. `connect`: a server accepts TCP. */
export type Probe = 'readyz' | 'connect';

export interface TargetHealth {
  /** What the last probe said; true while nothing is known yet. */
  readonly isHealthy: (port: number) => boolean;
  /** Probes these ports from now on; the function that is answered ends that. */
  readonly watch: (ports: readonly number[]) => () => void;
  readonly close: () => void;
}

const PROBE_EVERY_MS = 200;
/** A process that is paused accepts connections and never answers: it is unhealthy after this. */
const PROBE_LIMIT_MS = 1_000;

interface Target {
  watchers: number;
  healthy: boolean;
  probing: boolean;
}

/** Watches targets by one kind of probe until it is closed. */
export function watchTargets(probe: Probe): TargetHealth {
  const targets = new Map<number, Target>();
  const ask = probe === 'readyz' ? answersReady : accepts;
  const look = () => {
    for (const [port, target] of targets) void judge(port, target, ask);
  };
  const timer = setInterval(look, PROBE_EVERY_MS);
  return {
    isHealthy: (port) => targets.get(port)?.healthy ?? true,
    watch: (ports) => {
      for (const port of ports) {
        const target = targets.get(port) ?? { watchers: 0, healthy: true, probing: false };
        target.watchers += 1;
        targets.set(port, target);
      }
      look();
      return () => forget(targets, ports);
    },
    close: () => clearInterval(timer),
  };
}

async function judge(port: number, target: Target, ask: (port: number) => Promise<boolean>): Promise<void> {
  if (target.probing) return;
  target.probing = true;
  target.healthy = await ask(port);
  target.probing = false;
}

function forget(targets: Map<number, Target>, ports: readonly number[]): void {
  for (const port of ports) {
    const target = targets.get(port);
    if (target === undefined) continue;
    target.watchers -= 1;
    if (target.watchers === 0) targets.delete(port);
  }
}

/** Each probe has a connection of its own: a kept one would still answer where new ones are refused. */
const agent = new Agent({ keepAlive: false });

function answersReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/readyz', agent, timeout: PROBE_LIMIT_MS });
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
    request.once('close', () => resolve(false));
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: PROBE_LIMIT_MS });
    const answer = (healthy: boolean) => {
      resolve(healthy);
      socket.destroy();
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}
