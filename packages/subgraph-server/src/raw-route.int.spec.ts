import { once } from 'node:events';
import { request } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addRawRoute, type RawRequest } from './raw-route.ts';

const BODY_BYTES_MAX = 100;

let app: FastifyInstance;
let taken: RawRequest[] = [];

beforeAll(async () => {
  app = Fastify();
  const handle = async (given: RawRequest) => {
    taken.push(given);
    return 204;
  };
  await addRawRoute(app, { path: '/hooks/:name', bodyBytesMax: BODY_BYTES_MAX, handle });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());

async function send(headers: Record<string, string | string[]>, body: string): Promise<number | undefined> {
  taken = [];
  const address = app.server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const sent = request({ port, host: '127.0.0.1', method: 'POST', path: '/hooks/stripe', headers });
  sent.end(body);
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}

it('passes on the body as it came, whatever its type', async () => {
  expect(await send({ 'content-type': 'application/json' }, '{"ü": 1 }\n')).toBe(204);
  expect(taken).toMatchObject([{ name: 'stripe', body: '{"ü": 1 }\n' }]);
  expect(await send({}, 'x'.repeat(BODY_BYTES_MAX + 1))).toBe(413);
  expect(taken).toEqual([]);
});

it('passes on headers that came once, and no other', async () => {
  await send({ 'webhook-id': 'a', 'webhook-signature': ['v1,forged', 'v1,good'] }, '');
  expect(taken[0]?.headers).toMatchObject({ 'webhook-id': 'a' });
  expect(taken[0]?.headers).not.toHaveProperty('webhook-signature');
});
