// An issuer of tokens for tests: the key set as a file, tokens of any claims.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export type Issuer = Awaited<ReturnType<typeof createIssuer>>;

export async function createIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-gateway-'));
  const keySetFile = join(folder, 'jwks.json');
  writeFileSync(
    keySetFile,
    JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'EdDSA' }] }),
  );

  const token = (
    claims: Record<string, unknown>,
    options: { issuer?: string; lifetimeSeconds?: number } = {},
  ) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: 'one' })
      .setIssuer(options.issuer ?? 'crossdock-local')
      .setAudience('crossdock')
      .setSubject(typeof claims.sub === 'string' ? claims.sub : 'somebody')
      .setExpirationTime(Math.floor(Date.now() / 1_000) + (options.lifetimeSeconds ?? 600))
      .sign(privateKey);

  return { folder, keySetFile, token };
}
