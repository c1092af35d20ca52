/**
 * The keys and secrets of one local data folder: made when absent, kept in `<data-dir>/keys` for its owner alone.
 * A deployment has its own identity provider and secret store; nothing here is meant for one.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

export interface KeyPair {
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

export interface Secrets {
  readonly databasePassword: string;
  readonly logReadSecret: string;
  readonly cursorSecret: string;
  readonly paymentProviderKey: string;
  /** The provider signs webhooks with it; in the form of Standard Webhooks. */
  readonly paymentProviderWebhookSecret: string;
  readonly wmsKey: string;
}

export interface Keys {
  /** Signs the tokens of clients; the gateway checks them against `jwksFile`. */
  readonly issuer: KeyPair;
  readonly jwksFile: string;
  /** Signs the gateway's tokens to subgraphs. */
  readonly internal: KeyPair;
  /** Seals card tokens on their way from orders to payments. */
  readonly cardToken: KeyPair;
  readonly secrets: Secrets;
}

const OWNER_ONLY = 0o600;
const SECRET_BYTES = 24;
/** What Standard Webhooks asks for is 24 to 64. */
const WEBHOOK_SECRET_BYTES = 32;

/** The keys of a data folder, made now where they are absent. */
export async function keysOf(dataFolder: string): Promise<Keys> {
  const folder = join(dataFolder, 'keys');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const issuer = await keyPair(join(folder, 'issuer.jwk.json'), 'EdDSA', 'Ed25519', 'sig');
  const jwksFile = join(folder, 'jwks.json');
  writeOwned(jwksFile, { keys: [issuer.publicJwk] });
  return {
    issuer,
    jwksFile,
    internal: await keyPair(join(folder, 'internal.jwk.json'), 'EdDSA', 'Ed25519', 'sig'),
    cardToken: await keyPair(join(folder, 'card-token.jwk.json'), 'ECDH-ES', 'X25519', 'enc'),
    secrets: secretsOf(join(folder, 'secrets.json')),
  };
}

async function keyPair(file: string, alg: string, crv: string, use: string): Promise<KeyPair> {
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair(alg, { crv, extractable: true });
    const jwk = await exportJWK(privateKey);
    writeOwned(file, { ...jwk, alg, use, kid: await calculateJwkThumbprint(jwk) });
  }
  const privateJwk: JWK = JSON.parse(readFileSync(file, 'utf8'));
  const { d: _private, ...publicJwk } = privateJwk;
  return { privateJwk, publicJwk };
}

function secretsOf(file: string): Secrets {
  const fresh: Secrets = {
    databasePassword: secret(),
    logReadSecret: secret(),
    cursorSecret: secret(),
    paymentProviderKey: secret(),
    paymentProviderWebhookSecret: `whsec_${randomBytes(WEBHOOK_SECRET_BYTES).toString('base64')}`,
    wmsKey: secret(),
  };
  const kept: Partial<Secrets> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const secrets = { ...fresh, ...kept };
  writeOwned(file, secrets);
  return secrets;
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString('hex');
}

/** Leaves a file that says this already as it is: a running gateway reads it. */
function writeOwned(file: string, content: unknown): void {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(file, text, { mode: OWNER_ONLY });
}
