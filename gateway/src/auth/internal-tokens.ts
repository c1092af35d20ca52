// The gateway's word to a subgraph about who asks: a short-lived signed token that takes the client's token's place.
import { importJWK, type JWK, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Caller } from './caller.ts';

const ISSUER = 'crossdock-gateway';
const LIFETIME_SECONDS = 30;
/** Reused for so long; what remains of its life covers the call and a clock that is off by a few seconds. */
const REUSE_MS = 20_000;
const REMEMBERED_MAX = 40_000;

export type InternalTokens = (caller: Caller, subgraph: string) => Promise<string>;

/** Signs with an Ed25519 key. Tokens are shared by all requests of a caller within 20 s. */
export function createInternalTokens(privateKey: JWK): InternalTokens {
  const key = importJWK(privateKey, 'EdDSA');
  const remembered = new LRUCache<string, Promise<string>>({ max: REMEMBERED_MAX, ttl: REUSE_MS });

  async function sign(caller: Caller, subgraph: string): Promise<string> {
    const { role, partner, partners, warehouse } = caller;
    return new SignJWT({ role, partner, partners, warehouse })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer(ISSUER)
      .setAudience(subgraph)
      .setSubject(caller.subject)
      .setExpirationTime(Math.floor(Date.now() / 1_000) + LIFETIME_SECONDS)
      .sign(await key);
  }

  return (caller, subgraph) => {
    const name = `${subgraph}\n${caller.identity}`;
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const token = sign(caller, subgraph);
    remembered.set(name, token);
    token.catch(() => remembered.delete(name));
    return token;
  };
}
