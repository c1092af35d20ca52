/** The only place of the local infrastructure that reads the environment. */
import { PlainFailure } from './plain-failure.ts';

export const SUBGRAPHS = ['orders', 'inventory', 'payments', 'fulfillment'] as const;
export type Subgraph = (typeof SUBGRAPHS)[number];

/** The name of a subgraph's database in a private instance. */
export function databaseOf(subgraph: Subgraph): string {
  return `crossdock_${subgraph}`;
}

/** Existing servers that the environment points at; what is absent is run privately. */
export interface ExistingServers {
  readonly databaseUrls: Readonly<Record<Subgraph, string>> | undefined;
  readonly natsUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment handed to servers and children, which need PATH, HOME, TMPDIR and the like. */
export const inheritedEnvironment: Environment = process.env;

/** Reads DATABASE_URL_<SUBGRAPH>, NATS_URL and REDIS_URL; rejects a bad one, or part of the four, with one sentence. */
export function existingServers(environment: Environment = process.env): ExistingServers {
  return {
    databaseUrls: databaseUrls(environment),
    natsUrl: checkedUrl(environment, 'NATS_URL', ['nats:', 'tls:'], 'nats://127.0.0.1:4222'),
    redisUrl: checkedUrl(environment, 'REDIS_URL', ['redis:', 'rediss:'], 'redis://127.0.0.1:6379'),
  };
}

function databaseUrls(environment: Environment): Readonly<Record<Subgraph, string>> | undefined {
  const variable = (subgraph: Subgraph) => `DATABASE_URL_${subgraph.toUpperCase()}`;
  const read = (subgraph: Subgraph) =>
    checkedUrl(
      environment,
      variable(subgraph),
      ['postgres:', 'postgresql:'],
      `postgres://user:password@127.0.0.1:5432/crossdock_${subgraph}`,
    );
  const [orders, inventory, payments, fulfillment] = SUBGRAPHS.map(read);
  if (orders && inventory && payments && fulfillment) return { orders, inventory, payments, fulfillment };
  if (!orders && !inventory && !payments && !fulfillment) return undefined;
  const missing = SUBGRAPHS.filter((subgraph) => !environment[variable(subgraph)]).map(variable);
  throw new PlainFailure(
    `Set ${missing.join(', ')} too, or unset the other DATABASE_URL_… variables: each subgraph owns one database.`,
  );
}

function checkedUrl(
  environment: Environment,
  name: string,
  protocols: readonly string[],
  example: string,
): string | undefined {
  const value = environment[name];
  if (value === undefined || value === '') return undefined;
  if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
  throw new PlainFailure(`${name} is not a usable address: write it like ${example}, or unset it.`);
}
