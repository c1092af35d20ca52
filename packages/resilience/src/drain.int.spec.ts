import { Agent, createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createDrain } from './drain.ts';

let server: Server;
afterEach(() => server.close());

it('answers what comes while it drains, and asks each client to close its connection', async () => {
  server = createServer((_request, response) => response.end('answered'));
  const drain = createDrain(server, 20);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  const ask = () =>
    new Promise((resolve) => {
      get({ port, host: '127.0.0.1', agent }, (response) => {
        response.resume().once('end', () => {
          resolve([response.statusCode, response.headers.connection, drain.isDraining()]);
        });
      });
    });

  expect(await ask()).toEqual([200, 'keep-alive', false]);
  const drained = drain.run();
  expect(await ask()).toEqual([200, 'close', true]);
  await drained;
  expect(await ask()).toEqual([200, 'close', true]);
  agent.destroy();
});
