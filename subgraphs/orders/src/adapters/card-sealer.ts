import { CompactEncrypt, importJWK, type JWK } from 'jose';
import type { SealCardToken } from '../ports.ts';

/** Seals with JWE (RFC 7516) to the key's own algorithm; content by A256GCM. */
export function createCardSealer(publicJwk: JWK): SealCardToken {
  const algorithm = publicJwk.kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES';
  const key = importJWK(publicJwk, algorithm);
  return async (cardToken) =>
    new CompactEncrypt(new TextEncoder().encode(cardToken))
      .setProtectedHeader({ alg: algorithm, enc: 'A256GCM' })
      .encrypt(await key);
}
