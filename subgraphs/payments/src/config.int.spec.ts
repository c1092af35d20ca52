// A configuration that cannot work ends the start with one sentence that says what to set, and repeats no value.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');
const KEY = 'sk_test_nobody_may_read_this';
const JWK = JSON.stringify({ kty: 'OKP', crv: 'X25519', x: 'x', d: 'd' });

const EVERYTHING_ELSE = {
  PORT: '0',
  DATABASE_URL: 'postgres://127.0.0.1:9/payments',
  NATS_URL: 'nats://127.0.0.1:9',
  REDIS_URL: 'redis://127.0.0.1:9',
  INTERNAL_PUBLIC_JWK: JWK,
  LOG_READ_SECRET: 'a log secret that only tests know',
  SUBGRAPH_URLS: '{}',
  CARD_TOKEN_PRIVATE_JWK: JWK,
  DOCUMENT_SECRET: 'a-secret-for-links-that-only-tests-know',
};

async function start(
  provider: Readonly<Record<string, string>>,
): Promise<{ code: number | null; said: string }> {
  const env = { ...EVERYTHING_ELSE, ...provider };
  const child = spawn(process.execPath, [MAIN], { stdio: ['ignore', 'ignore', 'pipe'], env });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

const simulator = { PAYMENT_PROVIDER_URL: 'http://127.0.0.1:9', PAYMENT_PROVIDER_KEY: KEY };

const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

it.each([
  [
    'nothing of the provider',
    {},
    'PAYMENT_PROVIDER_KEY must be set; PAYMENT_PROVIDER_URL must be set for the provider simulator',
  ],
  ['no key for Stripe', { PAYMENT_PROVIDER: 'stripe' }, 'PAYMENT_PROVIDER_KEY must be set'],
  [
    'a path in an address',
    { ...simulator, PAYMENT_PROVIDER_URL: 'http://127.0.0.1:9/v1' },
    'PAYMENT_PROVIDER_URL must be an address without a path',
  ],
  [
    'a secret that is none',
    { ...simulator, PAYMENT_PROVIDER_WEBHOOK_SECRET: KEY },
    'PAYMENT_PROVIDER_WEBHOOK_SECRET must be whsec_ and base64, or several with spaces between',
  ],
  [
    'a secret that is short',
    { ...simulator, PAYMENT_PROVIDER_WEBHOOK_SECRET: `${secretOf(24)} ${secretOf(23)}` },
    'PAYMENT_PROVIDER_WEBHOOK_SECRET must have 24 bytes of key or more',
  ],
  [
    "a secret of Stripe's that is short",
    {
      PAYMENT_PROVIDER: 'stripe',
      PAYMENT_PROVIDER_KEY: KEY,
      PAYMENT_PROVIDER_WEBHOOK_SECRET: 'whsec_guessed',
    },
    'PAYMENT_PROVIDER_WEBHOOK_SECRET must have 24 bytes of key or more',
  ],
  [
    'a secret for links that is short beside one that is not',
    { ...simulator, DOCUMENT_SECRET: `${'x'.repeat(32)} ${'y'.repeat(31)}` },
    'DOCUMENT_SECRET must be 32 characters or more without a space, or several such with spaces between',
  ],
  [
    'a name that no address can have',
    { ...simulator, PAYMENT_PROVIDER_NAME: 'My PSP' },
    'PAYMENT_PROVIDER_NAME must be a lower-case word',
  ],
  [
    'half a second provider',
    { ...simulator, SECOND_PAYMENT_PROVIDER: 'stripe' },
    'SECOND_PAYMENT_PROVIDER_KEY must be set',
  ],
  [
    'two of one name',
    { ...simulator, SECOND_PAYMENT_PROVIDER_URL: 'http://127.0.0.1:9', SECOND_PAYMENT_PROVIDER_KEY: KEY },
    'SECOND_PAYMENT_PROVIDER_NAME must be set to another name than the first provider has',
  ],
])('does not start with %s', async (_what, provider, problem) => {
  expect(await start(provider)).toEqual({
    code: 78,
    said: `The configuration is not usable: ${problem}.\n`,
  });
});
