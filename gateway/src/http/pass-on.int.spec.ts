// What becomes of a request that is passed on when its client goes away, with a subgraph behind it that takes its time.
import {
  type ClientRequest,
  createServer,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPassOn, type PassOn } from './pass-on.ts';

const CONNECTIONS = 2;
const WAITING_MAX = 3;
/** Longer than any test: what ends before was given up. */
const DEADLINE_MS = 600_000;
const PATIENCE = { timeout: 15_000 };

let subgraph: Server;
let app: FastifyInstance;
let passOn: PassOn;
let url: string;
/** Requests that the subgraph was ever asked, and those whose connection is still open. */
const asked: string[] = [];
const open = new Map<string, ServerResponse>();
const faults: unknown[] = [];
const clients: ClientRequest[] = [];

beforeEach(async () => {
  for (const list of [asked, faults]) list.length = 0;
  open.clear();
  subgraph = createServer(({ url: path = '' }, response) => {
    asked.push(path);
    open.set(path, response);
    response.once('close', () => open.delete(path));
  });
  await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve));
  // Whoever listens on a port has an address with one.
  const { port } = subgraph.address() as AddressInfo;
  const limits = { connections: CONNECTIONS, waitingMax: WAITING_MAX, deadline_ms: DEADLINE_MS };
  passOn = createPassOn(
    `http://127.0.0.1:${port}`,
    { ...limits, answerBytesMax: 1_024 },
    {
      onFault: (error) => void faults.push(error),
      onBadAnswer: () => undefined,
    },
  );
  app = Fastify();
  app.get('/*', (request, reply) =>
    passOn.pass({ method: 'GET', path: request.url, headers: {} }, reply, ({ status, body }) =>
      reply.code(status).send(body),
    ),
  );
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await app.close();
  await passOn.close();
  subgraph.closeAllConnections();
  subgraph.close();
});

type Client = Readonly<{ leave: () => void; status: () => number | undefined }>;

function ask(path: string): Client {
  const client = httpRequest(url + path, { agent: false });
  let status: number | undefined;
  client.on('error', () => undefined);
  client.once('response', (response) => {
    status = response.statusCode;
    response.on('error', () => undefined).resume();
  });
  client.end();
  clients.push(client);
  return { leave: () => client.destroy(), status: () => status };
}

/** As many as have room, those who are served first, and one more that is turned away. */
async function fill(): Promise<Client[]> {
  const served = Array.from({ length: CONNECTIONS }, (_, index) => ask(`/served/${index}`));
  await expect.poll(() => asked.length, PATIENCE).toBe(CONNECTIONS);
  const waiting = Array.from({ length: WAITING_MAX + 1 }, (_, index) => ask(`/waiting/${index}`));
  await expect.poll(() => waiting.filter(({ status }) => status() === 503).length, PATIENCE).toBe(1);
  return [...served, ...waiting];
}

it('is given up with its client, and so is what waits; others find its place free', async () => {
  for (let wave = 1; wave <= 5; wave += 1) {
    const came = await fill();
    // Those who wait go first, so that none of them gets a place that is left.
    for (const client of came.slice(CONNECTIONS)) client.leave();
    await expect.poll(connections, PATIENCE).toBe(CONNECTIONS);
    for (const client of came) client.leave();
    await expect.poll(() => open.size, PATIENCE).toBe(0);
    expect(asked.splice(0).sort()).toEqual(['/served/0', '/served/1']);
  }
  const last = ask('/last');
  await expect.poll(() => open.has('/last'), PATIENCE).toBe(true);
  open.get('/last')?.end();
  await expect.poll(() => last.status(), PATIENCE).toBe(200);
  expect(faults).toEqual([]);
});

it('keeps its place while its answer is on its way, and no longer', async () => {
  const [first, second] = await fill();
  open.get('/served/0')?.writeHead(200).write('begun');
  await expect.poll(() => first?.status(), PATIENCE).toBe(200);
  const more = ask('/more');
  await expect.poll(() => more.status(), PATIENCE).toBe(503);
  expect(asked).toHaveLength(CONNECTIONS);
  open.get('/served/0')?.end();
  await expect.poll(() => asked.length, PATIENCE).toBe(CONNECTIONS + 1);
  open.get('/served/1')?.writeHead(200).write('begun');
  await expect.poll(() => second?.status(), PATIENCE).toBe(200);
  second?.leave();
  await expect.poll(() => asked.length, PATIENCE).toBe(CONNECTIONS + 2);
  await expect.poll(() => open.has('/served/1'), PATIENCE).toBe(false);
});

const connections = () =>
  new Promise<number>((resolve, reject) =>
    app.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
