import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const GOOD = {
  SUPERGRAPH_FILE: 'supergraph.graphql',
  SUBGRAPH_URLS: '{"orders":"http://127.0.0.1:4001"}',
  JWKS_FILE: 'jwks.json',
  INTERNAL_PRIVATE_JWK: '{"kty":"OKP","crv":"Ed25519","x":"x","d":"d"}',
  CURSOR_SECRET: 'x'.repeat(32),
  LOG_READ_SECRET: 'secret',
  NATS_URL: 'nats://127.0.0.1:4222',
};

describe('the settings', () => {
  it('have defaults for a local run', () => {
    const read = readConfig(GOOD);
    expect(read).toMatchObject({
      ok: true,
      config: { host: '127.0.0.1', port: 4_000, introspection: false, trustedProxies: [] },
    });
  });

  it.each([
    ['SUBGRAPH_URLS', 'orders'],
    ['INTERNAL_PRIVATE_JWK', '{"kty":"RSA"}'],
    ['CURSOR_SECRET', 'short'],
    ['JWKS_FILE', undefined],
    ['PORT', '70000'],
    ['TRUSTED_PROXIES', 'loadbalancer'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', '0.0.0.0/1,128.0.0.0/1'],
    ['TRUSTED_PROXIES', '::ffff:0:0/96'],
    ['TRUSTED_PROXIES', '10.0.0.1/8/8'],
  ])('are refused by name when %s is %j', (name, value) => {
    const read = readConfig({ ...GOOD, [name]: value });
    expect(read).toMatchObject({ ok: false, sentence: expect.stringContaining(name) });
  });

  it('name the proxies that are trusted', () => {
    const read = readConfig({ ...GOOD, TRUSTED_PROXIES: '10.0.0.1, 10.1.0.0/16,fd00::/8' });
    expect(read).toMatchObject({ config: { trustedProxies: ['10.0.0.1', '10.1.0.0/16', 'fd00::/8'] } });
  });
});
