/** The only place of the fixtures that reads the environment: how a test run tells its servers to its workers. */

const VARIABLES = {
  databaseUrl: 'TEST_DATABASE_URL',
  natsUrl: 'TEST_NATS_URL',
  redisUrl: 'TEST_REDIS_URL',
} as const;

/** Addresses of the servers that a test run shares; `databaseUrl` may create databases. */
export interface ServerUrls {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly redisUrl: string;
}

/** The servers of this test run, or undefined when none were started or named. */
export function serverUrls(): ServerUrls | undefined {
  const databaseUrl = process.env[VARIABLES.databaseUrl];
  const natsUrl = process.env[VARIABLES.natsUrl];
  const redisUrl = process.env[VARIABLES.redisUrl];
  return databaseUrl && natsUrl && redisUrl ? { databaseUrl, natsUrl, redisUrl } : undefined;
}

/** The servers of this test run; throws with the remedy when there are none. */
export function requiredServerUrls(): ServerUrls {
  const urls = serverUrls();
  if (urls) return urls;
  throw new Error(
    'No test servers: run this file through `npx vitest run <file>`, whose global set-up starts them.',
  );
}

/** Tells the workers of this test run, which inherit the environment, where the servers are. */
export function publishServerUrls(urls: ServerUrls): void {
  process.env[VARIABLES.databaseUrl] = urls.databaseUrl;
  process.env[VARIABLES.natsUrl] = urls.natsUrl;
  process.env[VARIABLES.redisUrl] = urls.redisUrl;
}

/** A seed to repeat a property test with: TEST_SEED, else undefined. */
export function chosenSeed(): number | undefined {
  const seed = Number(process.env.TEST_SEED);
  return process.env.TEST_SEED && Number.isInteger(seed) ? seed : undefined;
}

/** Runs of a property test that somebody wants more of: TEST_RUNS, else undefined. */
export function chosenRuns(): number | undefined {
  const runs = Number(process.env.TEST_RUNS);
  return Number.isInteger(runs) && runs > 0 ? runs : undefined;
}
