// Verifies the tokens of clients against the issuer's key set. A token is verified once and believed until it ends.
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Caller, callerOf } from './caller.ts';

/** Signature algorithms with a public key; a shared secret or `none` is never believed. */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256', 'PS256'];
const CLOCK_TOLERANCE_SECONDS = 2;
/** Bearers remembered at a time; about 1 KB each. */
const REMEMBERED_MAX = 10_000;
const TOKEN_LENGTH_MAX = 8_192;

/** Key sets by URL: at most one look each 30 s for a key that is not known, each within 3 s. */
const REMOTE = { cacheMaxAge: 600_000, cooldownDuration: 30_000, timeoutDuration: 3_000 };

export type Verdict =
  | Readonly<{ ok: true; caller: Caller }>
  | Readonly<{ ok: false; reason: 'missing' | 'expired' | 'invalid' }>;

/** Verifies the value of an `authorization` header. Rejects only when the key set cannot be had. */
export type VerifyBearer = (authorization: string | undefined) => Promise<Verdict>;

export type KeySet = Readonly<{ key: JWTVerifyGetKey; load: () => Promise<void> }>;

/** The issuer's keys behind a URL; `load` fetches them once, so that readiness means they are there. */
export function remoteKeySet(url: string): KeySet {
  const key = createRemoteJWKSet(new URL(url), REMOTE);
  return { key, load: () => key.reload() };
}

/** The issuer's keys from a parsed file; throws when it holds none. */
export function localKeySet(parsed: unknown): KeySet {
  // jose itself checks the shape, key by key.
  const key = createLocalJWKSet(parsed as Parameters<typeof createLocalJWKSet>[0]);
  return { key, load: () => Promise.resolve() };
}

export function createBearerVerifier(options: {
  readonly key: JWTVerifyGetKey;
  readonly issuer: string;
  readonly audience: string;
}): VerifyBearer {
  const remembered = new LRUCache<string, Caller>({ max: REMEMBERED_MAX });

  async function verify(token: string): Promise<Verdict> {
    const { issuer, audience } = options;
    const expected = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_SECONDS };
    try {
      const { payload } = await jwtVerify(token, options.key, {
        ...expected,
        requiredClaims: ['sub', 'exp'],
      });
      const caller = callerOf(payload);
      if (caller === null) return { ok: false, reason: 'invalid' };
      remembered.set(token, caller);
      return { ok: true, caller };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { ok: false, reason: 'expired' };
      const forged = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
      if (forged) return { ok: false, reason: 'invalid' };
      throw error;
    }
  }

  return async (authorization) => {
    if (authorization === undefined || authorization === '') return { ok: false, reason: 'missing' };
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > TOKEN_LENGTH_MAX) return { ok: false, reason: 'invalid' };
    const known = remembered.get(token);
    if (known === undefined) return verify(token);
    if (known.expiresAt * 1_000 > Date.now()) return { ok: true, caller: known };
    remembered.delete(token);
    return { ok: false, reason: 'expired' };
  };
}
