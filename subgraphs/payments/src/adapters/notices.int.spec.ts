// Webhooks as the simulator really sends them, read as payments reads them.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorised, REAL } from '../../test/provider-subjects.ts';
import { startSimulator } from '../../test/simulator-process.ts';
import { createStandardNotices } from './notices.ts';
import { createStripeNotices } from './stripe/stripe-notices.ts';

const SECRET = `whsec_${Buffer.from('a secret that only tests know').toString('base64')}`;
const PATIENCE = { timeout: 20_000 };

type Came = Readonly<{ headers: Record<string, string | undefined>; body: string }>;

let server: Server;
let url: string;
const came: Came[] = [];

const single = (headers: IncomingHttpHeaders): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    came.push({ headers: single(request.headers), body });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Whoever listens on a port has an address with one.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/test`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

describe.each([
  ['standard', REAL[0], createStandardNotices([SECRET])],
  ['stripe', REAL[1], createStripeNotices([SECRET])],
] as const)('webhooks of the style %s', (style, real, read) => {
  it('name the authorisation by the id that its provider gave it', async () => {
    if (real === undefined) throw new Error('There is no such provider');
    const [, subject] = real;
    came.length = 0;
    const simulator = await startSimulator({
      WEBHOOK_URL: url,
      WEBHOOK_SECRET: SECRET,
      WEBHOOK_STYLE: style,
    });
    const provider = subject.open(simulator.url);
    const authorisationId = await authorised(provider, subject, newId());
    await expect
      .poll(() => came.map(({ headers, body }) => read(headers, body)), PATIENCE)
      .toMatchObject([{ authorisationId }]);
    await provider.close();
    await simulator.stop();
  });
});
