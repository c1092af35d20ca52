import { compactDecrypt, importJWK, type JWK } from 'jose';
import type { OpenCardToken } from '../ports.ts';

/** Opens compact JWE (RFC 7516) that orders sealed to our public key; whatever else it gets, it answers null. */
export function createCardTokenOpener(privateJwk: JWK): OpenCardToken {
  const algorithm = privateJwk.kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES';
  const key = importJWK(privateJwk, algorithm);
  return async (sealed) => {
    try {
      const { plaintext } = await compactDecrypt(sealed, await key, {
        keyManagementAlgorithms: [algorithm],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      return new TextDecoder().decode(plaintext);
    } catch {
      // Why it cannot be opened is nobody's business, and the error might quote it.
      return null;
    }
  };
}
