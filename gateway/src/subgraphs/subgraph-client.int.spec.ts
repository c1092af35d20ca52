import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSubgraphClient } from './subgraph-client.ts';

let server: Server;
afterEach(() => server.closeAllConnections());
afterEach(() => server.close());

/** Breaks the connection of the first so many requests after they were read, then answers. */
async function replicaThatBreaks(times: number) {
  const bodies: string[] = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    bodies.push(body);
    if (bodies.length <= times) request.socket.resetAndDestroy();
    else response.end('{"data":{}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return { bodies, origin: `http://127.0.0.1:${port}` };
}

describe('a connection that breaks under a request', () => {
  it.each(['query', 'mutation'] as const)('has the %s sent again, the same to the letter', async (kind) => {
    const { bodies, origin } = await replicaThatBreaks(2);
    const client = createSubgraphClient('orders', origin, () => undefined);
    expect(await client.send(kind, {}, 'the body')).toMatchObject({ kind: 'answered', text: '{"data":{}}' });
    expect(bodies).toEqual(['the body', 'the body', 'the body']);
    await client.close();
  });

  it('is given up after three, and somebody hears of it', async () => {
    const { bodies, origin } = await replicaThatBreaks(9);
    const heard: unknown[] = [];
    const client = createSubgraphClient('orders', origin, (error) => heard.push(error));
    expect(await client.send('mutation', {}, 'x')).toEqual({ kind: 'unavailable' });
    expect([bodies.length, heard.length]).toEqual([3, 1]);
    await client.close();
  });
});
