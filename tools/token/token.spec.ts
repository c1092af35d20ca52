import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIENCE, ISSUER, signClientToken } from './client-token.ts';
import { keysOf } from './keys.ts';
import { tokenOptions } from './options.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-token-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('keys', () => {
  it('are made once and kept for their owner alone', async () => {
    const first = await keysOf(folder);
    expect(await keysOf(folder)).toEqual(first);
    expect(statSync(join(folder, 'keys', 'issuer.jwk.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'keys', 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(first.issuer.publicJwk).not.toHaveProperty('d');
  });
});

describe('a token', () => {
  it('verifies against the public keys and carries the claims of its role', async () => {
    const keys = await keysOf(folder);
    const { claims, ttl_s } = tokenOptions(['--role', 'rep', '--partners', '17850, 13047', '--ttl', '60']);
    const token = await signClientToken(keys, claims, ttl_s);
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [keys.issuer.publicJwk] }), {
      issuer: ISSUER,
      audience: AUDIENCE,
    });
    expect(payload).toMatchObject({ sub: 'rep:local', role: 'rep', partners: ['17850', '13047'] });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  });

  it.each([
    [['--role', 'buyer'], /--partner <id>/],
    [['--role', 'wms'], /--warehouse <id>/],
    [['--role', 'king'], /"king" is no role/],
    [[], /Say who/],
    [['--role', 'erp', '--ttl', '0'], /--ttl is a number of seconds/],
    [['--rule', 'erp'], /Unknown option '--rule'/],
  ])('is refused for %j with one sentence', (args, sentence) => {
    expect(() => tokenOptions(args)).toThrow(sentence);
  });
});
