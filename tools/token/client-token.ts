import { importJWK, SignJWT } from 'jose';
import type { Keys } from './keys.ts';

export const ISSUER = 'crossdock-local';
export const AUDIENCE = 'crossdock';

export const ROLES = ['buyer', 'approver', 'rep', 'erp', 'wms', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Who a token speaks for: what the role needs is checked by `claimsOf`, not here. */
export interface ClientClaims {
  readonly sub: string;
  readonly role: Role;
  readonly partner?: string;
  readonly partners?: readonly string[];
  readonly warehouse?: string;
}

/** Signs a client's token that expires in `ttl_s` seconds. */
export async function signClientToken(keys: Keys, claims: ClientClaims, ttl_s: number): Promise<string> {
  const { privateJwk } = keys.issuer;
  const now_s = Math.floor(Date.now() / 1000);
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: privateJwk.kid ?? '', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(now_s)
    .setExpirationTime(now_s + ttl_s)
    .sign(await importJWK(privateJwk, 'EdDSA'));
}
