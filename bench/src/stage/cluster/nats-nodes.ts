/** The NATS servers of a cluster: one, or three that keep three copies of the stream. */
import {
  freePort,
  type NatsCluster,
  natsStoreOf,
  type Program,
  startNats,
} from '@crossdock/tools/infrastructure';
import type { RunningProcesses } from '@crossdock/tools/start';
import { z } from 'zod';
import { type ManagedProcess, managedProcess } from './managed-process.ts';

export interface NatsNodes {
  readonly processes: readonly ManagedProcess[];
  /** Starts all; of several, resolves when they have agreed on a leader. */
  readonly start: () => Promise<void>;
  /** The node that leads the stream now; null while none does, or where there is but one. */
  readonly streamLeader: () => Promise<string | null>;
}

export interface NatsPlan {
  readonly program: Program;
  readonly folder: string;
  readonly logFolder: string;
  readonly nodes: 1 | 3;
  readonly processes: RunningProcesses;
  readonly say: (line: string) => void;
}

const ELECTION_LIMIT_MS = 30_000;
const POLL_MS = 100;
const MONITOR_LIMIT_MS = 1_000;

/** What /jsz answers of a clustered server (docs.nats.io, "Monitoring JetStream"), as far as it is used here. */
const led = z.object({ leader: z.string().optional() }).optional();
const jetstreamState = z.object({
  meta_cluster: led,
  account_details: z
    .array(z.object({ stream_detail: z.array(z.object({ cluster: led })).optional() }))
    .optional(),
});

/** Plans the servers; starts nothing. */
export async function planNats(plan: NatsPlan): Promise<NatsNodes> {
  const monitorPorts = new Map<string, number>();
  const processes = await (plan.nodes === 1 ? oneNode(plan) : threeNodes(plan, monitorPorts));
  return {
    processes,
    start: async () => {
      await Promise.all(processes.map((node) => node.start()));
      if (plan.nodes > 1) await leaderElected([...monitorPorts.values()]);
    },
    streamLeader: async () => {
      for (const [name, port] of monitorPorts) if (await leadsStream(name, port)) return name;
      return null;
    },
  };
}

async function oneNode(plan: NatsPlan): Promise<ManagedProcess[]> {
  return [nodeOf(plan, 'nats', await freePort())];
}

const NODE_NAMES = ['nats-1', 'nats-2', 'nats-3'];

async function threeNodes(plan: NatsPlan, monitorPorts: Map<string, number>): Promise<ManagedProcess[]> {
  const members = await Promise.all(
    NODE_NAMES.map(async (name) => ({ name, routePort: await freePort(), monitorPort: await freePort() })),
  );
  const memberPorts = members.map(({ routePort }) => routePort);
  for (const { name, monitorPort } of members) monitorPorts.set(name, monitorPort);
  return Promise.all(
    members.map(async ({ name, ...ports }) =>
      nodeOf(plan, name, await freePort(), { ...ports, memberPorts }),
    ),
  );
}

function nodeOf(plan: NatsPlan, name: string, port: number, cluster?: NatsCluster): ManagedProcess {
  const { folder, logFolder, say, program } = plan;
  const options = { folder, logFolder, say, name, port, ...(cluster ? { cluster } : {}) };
  const storeFolder = natsStoreOf(options);
  const start = (birth: Parameters<typeof startNats>[1]['birth']) =>
    startNats(program, { ...options, birth });
  return managedProcess({ name, port, storeFolder, start }, plan.processes);
}

async function leaderElected(monitorPorts: readonly number[]): Promise<void> {
  const deadline = Date.now() + ELECTION_LIMIT_MS;
  while (Date.now() < deadline) {
    const states = await Promise.all(monitorPorts.map(stateOf));
    if (states.every((state) => state?.meta_cluster?.leader)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`The NATS servers agreed on no leader within ${ELECTION_LIMIT_MS / 1000} s.`);
}

/** A node is asked about itself alone: the others go on naming a leader that died until they elect another. */
async function leadsStream(name: string, monitorPort: number): Promise<boolean> {
  const streams = (await stateOf(monitorPort))?.account_details?.[0]?.stream_detail ?? [];
  return streams.some(({ cluster }) => cluster?.leader === name);
}

async function stateOf(monitorPort: number): Promise<z.infer<typeof jetstreamState> | undefined> {
  try {
    const reply = await fetch(`http://127.0.0.1:${monitorPort}/jsz?streams=true`, {
      signal: AbortSignal.timeout(MONITOR_LIMIT_MS),
    });
    return jetstreamState.parse(await reply.json());
  } catch {
    return undefined;
  }
}
