// Orders as it ships: its own process, asked as only the gateway may, and its command `restore-log`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LOG_SECRET } from '@crossdock/messaging/neighbour';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

const MAIN = join(import.meta.dirname, '../src/main.ts');

export type Answer = Readonly<{
  data: Record<string, unknown> | null;
  errors?: { extensions?: { code?: string; retryAfterMs?: number } }[];
}>;

export type OrdersPlatform = Readonly<{
  databaseUrl: string;
  natsUrl: string;
  redisUrl: string;
  port: number;
  subgraphUrls: Readonly<Record<string, string>>;
}>;

export type OrdersProcess = Readonly<{
  ask: (claims: object, query: string, variables: object) => Promise<Answer>;
  /** The answer of /readyz. */
  ready: () => Promise<Readonly<{ status: number; body: string }>>;
  metrics: () => Promise<string>;
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}>;

/** Keys of a gateway that all processes of a test believe. */
export async function gatewayKeys() {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const card = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
  return { ...pair, publicJwk: await exportJWK(pair.publicKey), cardJwk: await exportJWK(card.publicKey) };
}

type Keys = Awaited<ReturnType<typeof gatewayKeys>>;

function environmentOf(platform: OrdersPlatform, publicJwk: JWK, cardJwk: JWK): Record<string, string> {
  return {
    NODE_ENV: 'production',
    PORT: String(platform.port),
    DRAIN_MS: '0',
    DATABASE_URL: platform.databaseUrl,
    NATS_URL: platform.natsUrl,
    REDIS_URL: platform.redisUrl,
    INTERNAL_PUBLIC_JWK: JSON.stringify(publicJwk),
    LOG_READ_SECRET: LOG_SECRET,
    SUBGRAPH_URLS: JSON.stringify(platform.subgraphUrls),
    CARD_TOKEN_PUBLIC_JWK: JSON.stringify(cardJwk),
    CURSOR_SECRET: 'a cursor secret of this test',
  };
}

export async function startOrders(platform: OrdersPlatform, keys: Keys): Promise<OrdersProcess> {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environmentOf(platform, keys.publicJwk, keys.cardJwk),
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`orders did not start: ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"msg":"listening"')) resolve();
    });
  });
  const url = `http://127.0.0.1:${platform.port}`;
  return {
    ask: async (claims, query, variables) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-internal-auth': await tokenFor(keys, claims) },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
    ready: async () => {
      const response = await fetch(`${url}/readyz`);
      return { status: response.status, body: await response.text() };
    },
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    end: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
}

function tokenFor({ privateKey }: Keys, claims: object): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject('tester')
    .setIssuer('crossdock-gateway')
    .setAudience('orders')
    .setExpirationTime('60s')
    .sign(privateKey);
}

/** Runs `restore-log` to its end: its exit code, and what it said. */
export async function restoreLog(
  platform: OrdersPlatform,
  keys: Keys,
  ...args: readonly string[]
): Promise<Readonly<{ code: number | null; said: string }>> {
  const child = spawn(process.execPath, [MAIN, 'restore-log', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environmentOf(platform, keys.publicJwk, keys.cardJwk),
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}
