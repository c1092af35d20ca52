import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JWK } from 'jose';
import { z } from 'zod';

const jwk = z.string().transform((text, context): JWK => {
  try {
    return z.looseObject({ kty: z.string() }).parse(JSON.parse(text));
  } catch {
    context.addIssue('is not a JSON Web Key');
    return z.NEVER;
  }
});

const addresses = z.string().transform((text, context): Record<string, string> => {
  try {
    return z.record(z.string(), z.url()).parse(JSON.parse(text));
  } catch {
    context.addIssue('is not a JSON object of addresses by subgraph');
    return z.NEVER;
  }
});

/** The shape of a JSON Web Key in an environment variable. */
export const jwkSetting = jwk;

/** Settings every subgraph has; its own `config.ts` extends the shape and reads the environment. */
export const subgraphSettings = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  /** Milliseconds between the wish to stop and the end of listening: time for a balancer to notice. */
  DRAIN_MS: z.coerce.number().int().min(0).max(8_000).default(3_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  DATABASE_URL: z.string().startsWith('postgres'),
  NATS_URL: z.string().min(1),
  /** Servers of a NATS cluster that hold a copy of the stream; more than 5 NATS refuses. */
  NATS_STREAM_REPLICAS: z.coerce.number().int().min(1).max(5).default(1),
  REDIS_URL: z.string().min(1),
  INTERNAL_PUBLIC_JWK: jwk,
  LOG_READ_SECRET: z.string().min(16),
  SUBGRAPH_URLS: addresses,
  SCHEMA_DIR: z.string().default(fileURLToPath(new URL('../../../schema', import.meta.url))),
});

/** The settings that folding a read model anew needs. */
export const rebuildSettings = subgraphSettings.pick({
  DATABASE_URL: true,
  SUBGRAPH_URLS: true,
  LOG_READ_SECRET: true,
});

export type RebuildSettings = z.infer<typeof rebuildSettings>;

export type SubgraphSettings = z.infer<typeof subgraphSettings>;

/** Exit code of a process whose configuration is missing or wrong (EX_CONFIG of sysexits.h). */
const EXIT_CONFIG = 78;

/** Reads settings by a shape; on a missing or wrong one says which in a sentence and ends the process with 78. */
export function readSettings<Shape extends z.ZodType>(
  shape: Shape,
  environment: NodeJS.ProcessEnv,
): z.infer<Shape> {
  const read = shape.safeParse(environment);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  process.stderr.write(`The configuration is not usable: ${problems.join('; ')}.\n`);
  process.exit(EXIT_CONFIG);
}

const restoreSettings = subgraphSettings.pick({
  DATABASE_URL: true,
  NATS_URL: true,
  LOG_READ_SECRET: true,
  SUBGRAPH_URLS: true,
});

/** What the command `restore-log` needs of the environment. */
export function readRestoreSettings(environment: NodeJS.ProcessEnv): z.infer<typeof restoreSettings> {
  return readSettings(restoreSettings, environment);
}

/** Version of the code, for dead letters: the root package's. */
export function codeVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return z.object({ version: z.string() }).parse(manifest).version;
}
