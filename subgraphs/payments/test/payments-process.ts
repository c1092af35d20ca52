// Payments as it ships: its own process, asked as only the gateway may.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

const MAIN = join(import.meta.dirname, '../src/main.ts');
const NOBODY = 'http://127.0.0.1:9';
const LOG_READ_SECRET = 'a log secret that only tests know';

export type Claims = Readonly<{
  role: string;
  partner?: string;
  partners?: readonly string[];
  warehouse?: string;
}>;

export type Answer = Readonly<{
  data: Record<string, unknown> | null;
  errors?: { extensions?: { code?: string } }[];
}>;

export type PaymentsProcess = Readonly<{
  url: string;
  ask: (claims: Claims, query: string, variables: object) => Promise<Answer>;
  /** SIGTERM, and the exit code. */
  stop: () => Promise<number | null>;
}>;

export type ProcessOptions = Readonly<{
  databaseUrl: string;
  natsUrl: string;
  redisUrl: string;
  cardTokenPrivateJwk: JWK;
  provider: Readonly<{ url: string; key: string }>;
  /** Further settings. */
  environment?: Readonly<Record<string, string>>;
}>;

export async function startPayments(options: ProcessOptions): Promise<PaymentsProcess> {
  const gateway = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      DRAIN_MS: '0',
      DATABASE_URL: options.databaseUrl,
      NATS_URL: options.natsUrl,
      REDIS_URL: options.redisUrl,
      INTERNAL_PUBLIC_JWK: JSON.stringify(await exportJWK(gateway.publicKey)),
      LOG_READ_SECRET,
      // Nobody listens there: payments starts and serves while the others are away.
      SUBGRAPH_URLS: JSON.stringify({ orders: NOBODY, inventory: NOBODY, fulfillment: NOBODY }),
      CARD_TOKEN_PRIVATE_JWK: JSON.stringify(options.cardTokenPrivateJwk),
      PAYMENT_PROVIDER_URL: options.provider.url,
      PAYMENT_PROVIDER_KEY: options.provider.key,
      ...options.environment,
      DOCUMENT_SECRET: 'a-secret-for-links-that-only-tests-know',
    },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`payments did not start: ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line) as { msg?: string; port?: number };
      if (entry.msg === 'listening' && entry.port !== undefined) resolve(entry.port);
    });
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    ask: async (claims, query, variables) => {
      const token = await internalToken(gateway.privateKey, claims);
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-internal-auth': token },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

function internalToken(key: Parameters<SignJWT['sign']>[0], claims: Claims): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject('tester')
    .setIssuer('crossdock-gateway')
    .setAudience('payments')
    .setExpirationTime('30s')
    .sign(key);
}
