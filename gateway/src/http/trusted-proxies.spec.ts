import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { clientAddressOf, createTrust, isTrustable } from './trusted-proxies.ts';

/** The client's address as a gateway sees it that a connection from 127.0.0.1 reaches. */
async function seen(proxies: readonly string[], forwardedFor: string): Promise<string> {
  const app = Fastify({ trustProxy: createTrust(proxies) });
  app.get('/', async (request) => clientAddressOf(request));
  const { body } = await app.inject({ url: '/', headers: { 'x-forwarded-for': forwardedFor } });
  return body;
}
const LOCAL = ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'];

describe('the client of a trusted balancer', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['1.2.3.4:5678', '1.2.3.4'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['9.9.9.9, 1.2.3.4:5678', '1.2.3.4'],
    ['1.2.3.4:5678, 10.1.1.1:99', '1.2.3.4'],
    ['1.2.3.4, [fd00::1]:99, ::ffff:10.1.1.1', '1.2.3.4'],
    ['garbage', '127.0.0.1'],
    ['garbage, 10.1.1.1', '127.0.0.1'],
    ['', '127.0.0.1'],
  ])('is read from %j as %s', async (forwardedFor, address) => {
    expect(await seen(LOCAL, forwardedFor)).toBe(address);
  });

  it('is the connection itself where it is not trusted', async () => {
    expect(await seen(['10.0.0.0/8'], '1.2.3.4')).toBe('127.0.0.1');
  });
});

describe('what may be trusted', () => {
  it.each(['10.0.0.1', '10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32', 'fd00::/8', 'fc00::/7', '::1'])(
    '%s',
    (text) => {
      expect(isTrustable(text)).toBe(true);
    },
  );

  it.each([
    ...[
      'loadbalancer',
      '10.0.0.0/33',
      '10.0.0.1/8/8',
      'fd00::/129',
      '10.0.0.0/',
      '10.0.0.1:80',
      'fe80::1%eth0',
    ],
    ...['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/7', '::/0', '::/1', '2000::/3', '2001::/15'],
    ...['::ffff:0:0/96', '::ffff:0.0.0.0/97', '::ffff:10.0.0.1', '::/16', '::/80'],
  ])('but not %s', (text) => {
    expect(isTrustable(text)).toBe(false);
  });
});
