/** Gateways, subgraphs and simulators of a cluster: who runs, and over which links each reaches what it needs. */
import { databaseOf, freePort, postgresUrl, SUBGRAPHS, type Subgraph } from '@crossdock/tools/infrastructure';
import { WAREHOUSES } from '@crossdock/tools/seed';
import { type Keys, planServices, type Service, type Services } from '@crossdock/tools/start';
import type { ClusterLinks } from './cluster-links.ts';

export const GROUPS = [...SUBGRAPHS, 'gateway'] as const;
export type Group = (typeof GROUPS)[number];

/** What stands behind the links of the processes. */
export interface Behind {
  readonly databasePort: number;
  readonly natsPorts: readonly number[];
  readonly redisPort: number;
}

export interface ServicesPlan {
  readonly dataDir: string;
  readonly keys: Keys;
  readonly links: ClusterLinks;
  readonly replicas: number;
  readonly behind: Behind;
  /** More settings for every process. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ClusterServices {
  /** Addresses, journals, and the services of a run without replicas, from which these are made. */
  readonly plan: Services;
  readonly simulators: readonly Service[];
  readonly replicas: Readonly<Record<Group, readonly Service[]>>;
}

/** Opens every link and decides ports and environments; starts nothing. */
export async function planClusterServices(options: ServicesPlan): Promise<ClusterServices> {
  const { dataDir, keys, links, environment } = options;
  const ports = await byGroup((group) => replicaPorts(group, options.replicas));
  const doors = await byGroup((group) => links.open(group, [...ports[group].values()], 'readyz'));
  const plan = await planServices({
    dataFolder: dataDir,
    gatewayPort: doors.gateway.port,
    keys,
    // Each process has links of its own to the servers; what is written here is overwritten below.
    servers: { databaseUrls: urlsBySubgraph(() => ''), natsUrl: '', redisUrl: '' },
    warehouseIds: WAREHOUSES.map(({ id }) => id),
  });
  const subgraphUrls = urlsBySubgraph((name) => `http://127.0.0.1:${doors[name].port}`);
  const replicasOf = (group: Group): Promise<Service[]> => {
    const single = [plan.gateway, ...plan.subgraphs].find(({ name }) => name === group);
    if (single === undefined) throw new Error(`There is no service ${group}.`);
    const shared = { ...single.environment, SUBGRAPH_URLS: JSON.stringify(subgraphUrls) };
    return Promise.all(
      [...ports[group]].map(async ([name, port]) => {
        const own = await linkedEnvironment(options, plan, group, name);
        return { ...single, name, port, environment: { ...shared, ...own, ...environment } };
      }),
    );
  };
  return {
    plan: { ...plan, subgraphUrls },
    simulators: plan.simulators.map((simulator) => ({
      ...simulator,
      environment: { ...simulator.environment, ...environment },
    })),
    replicas: await byGroup(replicasOf),
  };
}

async function byGroup<Value>(of: (group: Group) => Promise<Value>): Promise<Record<Group, Value>> {
  return {
    orders: await of('orders'),
    inventory: await of('inventory'),
    payments: await of('payments'),
    fulfillment: await of('fulfillment'),
    gateway: await of('gateway'),
  };
}

async function replicaPorts(group: Group, replicas: number): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  for (let each = 1; each <= replicas; each += 1) ports.set(`${group}-${each}`, await freePort());
  return ports;
}

function urlsBySubgraph(of: (name: Subgraph) => string): Record<Subgraph, string> {
  return {
    orders: of('orders'),
    inventory: of('inventory'),
    payments: of('payments'),
    fulfillment: of('fulfillment'),
  };
}

/** Opens the links of one process; answers the settings that make it use them. */
async function linkedEnvironment(
  { links, behind, keys }: ServicesPlan,
  plan: Services,
  group: Group,
  name: string,
): Promise<Record<string, string>> {
  const password = keys.secrets.databasePassword;
  const portOf = async (to: string, targets: readonly number[]) =>
    (await links.open(`${name}>${to}`, targets, 'connect')).port;
  const settings: Record<string, string> = {
    NATS_URL: `nats://127.0.0.1:${await portOf('nats', behind.natsPorts)}`,
    REDIS_URL: `redis://127.0.0.1:${await portOf('redis', [behind.redisPort])}`,
  };
  if (group === 'gateway') return settings;
  const port = await portOf('postgres', [behind.databasePort]);
  settings.DATABASE_URL = postgresUrl({ password, port }, databaseOf(group));
  settings.NATS_STREAM_REPLICAS = String(behind.natsPorts.length);
  if (group === 'payments') {
    settings.PAYMENT_PROVIDER_URL = await urlOver(
      links,
      `${name}>provider`,
      plan.simulatorUrls.paymentProvider,
    );
  }
  if (group === 'fulfillment') {
    settings.WMS_URL = await urlOver(links, `${name}>wms`, plan.simulatorUrls.wms);
  }
  return settings;
}

async function urlOver(links: ClusterLinks, name: string, url: string): Promise<string> {
  const link = await links.open(name, [Number(new URL(url).port)], 'connect');
  return `http://127.0.0.1:${link.port}`;
}
