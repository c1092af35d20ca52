// The gateway's settings: the only reader of the environment. A bad one ends the process with a sentence, not a trace.
import { readFileSync } from 'node:fs';
import type { JWK } from 'jose';
import { z } from 'zod';
import { isTrustable } from './http/trusted-proxies.ts';

const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text, context): z.infer<T> => {
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: 'is not the JSON that is expected' });
    return z.NEVER;
  });

/** 128 bits at least, when every character is drawn from many. */
const SECRET_LENGTH_MIN = 16;

const privateKey = z.looseObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
});

const proxies = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
  .refine(
    (each) => each.every(isTrustable),
    'must be addresses or ranges with commas between, of IPv4 no wider than /8, of IPv6 than /16 (in fc00::/7: /7)',
  );

const environment = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(4_000),
    /** Milliseconds between the wish to stop and the end of listening: time for a balancer to notice. */
    DRAIN_MS: z.coerce.number().int().min(0).max(8_000).default(3_000),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    SUPERGRAPH_FILE: z.string().min(1),
    SUBGRAPH_URLS: json(z.looseObject({ orders: z.url() }).catchall(z.url())),
    JWKS_FILE: z.string().min(1).optional(),
    JWKS_URL: z.url().optional(),
    JWT_ISSUER: z.string().min(1).default('crossdock-local'),
    JWT_AUDIENCE: z.string().min(1).default('crossdock'),
    INTERNAL_PRIVATE_JWK: json(privateKey),
    CURSOR_SECRET: z.string().min(SECRET_LENGTH_MIN),
    LOG_READ_SECRET: z.string().min(1),
    NATS_URL: z.string().min(1),
    INTROSPECTION: z.stringbool().default(false),
    /**
     * Load balancers whose `x-forwarded-for` is believed (docs/runbooks/behind-a-balancer.md). Without it every client
     * behind a balancer counts as one address, and shares the limits of webhooks and documents with all others.
     */
    TRUSTED_PROXIES: proxies.default([]),
  })
  .refine((read) => read.JWKS_FILE !== undefined || read.JWKS_URL !== undefined, {
    message: 'is missing, and JWKS_URL too',
    path: ['JWKS_FILE'],
  });

export type Config = Readonly<{
  host: string;
  port: number;
  drain_ms: number;
  logLevel: string;
  supergraphFile: string;
  /** Origin of each subgraph, without a path. */
  subgraphUrls: Readonly<Record<string, string> & { orders: string }>;
  keySet: Readonly<{ file: string } | { url: string }>;
  issuer: string;
  audience: string;
  internalKey: JWK;
  cursorSecret: string;
  logReadSecret: string;
  natsUrl: string;
  introspection: boolean;
  trustedProxies: readonly string[];
}>;

export type ReadConfig = Readonly<{ ok: true; config: Config }> | Readonly<{ ok: false; sentence: string }>;

/** Reads and checks the settings; a refusal names every variable that is wrong. */
export function readConfig(variables: NodeJS.ProcessEnv = process.env): ReadConfig {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    return { ok: false, sentence: `The gateway cannot start: ${faults.join('; ')}.` };
  }
  const read = parsed.data;
  return {
    ok: true,
    config: {
      host: read.HOST,
      port: read.PORT,
      drain_ms: read.DRAIN_MS,
      logLevel: read.LOG_LEVEL,
      supergraphFile: read.SUPERGRAPH_FILE,
      subgraphUrls: read.SUBGRAPH_URLS,
      keySet: read.JWKS_FILE === undefined ? { url: read.JWKS_URL ?? '' } : { file: read.JWKS_FILE },
      issuer: read.JWT_ISSUER,
      audience: read.JWT_AUDIENCE,
      internalKey: read.INTERNAL_PRIVATE_JWK,
      cursorSecret: read.CURSOR_SECRET,
      logReadSecret: read.LOG_READ_SECRET,
      natsUrl: read.NATS_URL,
      introspection: read.INTROSPECTION,
      trustedProxies: read.TRUSTED_PROXIES,
    },
  };
}

/** Apollo's libraries report to their maker and explain themselves in errors unless told otherwise. */
export function settleApolloEnvironment(): void {
  process.env.APOLLO_TELEMETRY_DISABLED = '1';
  process.env.NODE_ENV ??= 'production';
}

/** A key set read from a file, as JSON. */
export const readKeySetFile = (path: string): unknown => parseJson(readFileSync(path, 'utf8'));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
