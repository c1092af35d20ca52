import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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

describe('the command', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const printed = (dataFolder: string) =>
    promisify(execFile)(process.execPath, [main, '--role', 'erp', '--data-dir', dataFolder]);

  it('makes no keys for a platform that never ran, and prints nothing', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const said = `No platform has run in ${empty}: run \`npm start\` first, or name its folder by --data-dir.\n`;
    await expect(printed(empty)).rejects.toMatchObject({ code: 1, stdout: '', stderr: said });
    expect(readdirSync(empty)).toEqual([]);
    // Keys alone are no run: nothing accepts what they sign.
    await keysOf(empty);
    await expect(printed(empty)).rejects.toMatchObject({ code: 1, stdout: '', stderr: said });
  });

  it('signs with the keys of a platform that ran, whether it runs now or not', async () => {
    const ran = join(folder, 'ran');
    mkdirSync(join(ran, 'journals'), { recursive: true });
    const { issuer } = await keysOf(ran);
    const { stdout } = await printed(ran);
    const keys = createLocalJWKSet({ keys: [issuer.publicJwk] });
    const { payload } = await jwtVerify(stdout.trim(), keys, { issuer: ISSUER, audience: AUDIENCE });
    expect(payload).toMatchObject({ role: 'erp' });
  });
});
