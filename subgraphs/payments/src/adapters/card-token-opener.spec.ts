import { CompactEncrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { createCardTokenOpener } from './card-token-opener.ts';

async function keys(algorithm: string, crv?: string): Promise<{ privateJwk: JWK; publicJwk: JWK }> {
  const pair = await generateKeyPair(algorithm, { extractable: true, ...(crv === undefined ? {} : { crv }) });
  return { privateJwk: await exportJWK(pair.privateKey), publicJwk: await exportJWK(pair.publicKey) };
}

async function sealed(token: string, publicJwk: JWK, alg: string, enc = 'A256GCM'): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(token))
    .setProtectedHeader({ alg, enc })
    .encrypt(await importJWK(publicJwk, alg));
}

describe('a sealed card token', () => {
  it.each([
    ['ECDH-ES', 'X25519'],
    ['ECDH-ES', 'P-256'],
    ['RSA-OAEP-256', undefined],
  ])('opens with the private key (%s %s)', async (algorithm, crv) => {
    const { privateJwk, publicJwk } = await keys(algorithm, crv);
    const open = createCardTokenOpener(privateJwk);
    expect(await open(await sealed('tok_visa', publicJwk, algorithm))).toBe('tok_visa');
  });

  it("stays shut for another's key, another cipher, and what was never sealed", async () => {
    const [ours, other] = [await keys('ECDH-ES', 'X25519'), await keys('ECDH-ES', 'X25519')];
    const open = createCardTokenOpener(ours.privateJwk);
    expect(await open(await sealed('tok_visa', other.publicJwk, 'ECDH-ES'))).toBeNull();
    expect(await open(await sealed('tok_visa', ours.publicJwk, 'ECDH-ES', 'A128GCM'))).toBeNull();
    expect(await open('tok_visa')).toBeNull();
  });
});
