import { once } from 'node:events';
import { createServer as createHttpServer, get } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Link, openLink, watchTargets } from './index.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

interface End {
  readonly socket: Socket;
  /** Everything that has arrived, as text. */
  readonly text: () => string;
  /** How the connection ended, or '' while it has not. */
  readonly fate: () => string;
}

function endOf(socket: Socket): End {
  let text = '';
  let fate = '';
  socket.on('data', (bytes) => {
    text += bytes.toString();
  });
  socket.on('end', () => {
    fate ||= 'end';
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    fate = error.code ?? 'error';
  });
  ends.push(() => socket.destroy());
  return { socket, text: () => text, fate: () => fate };
}

/** A server that keeps its connections, in the order they came. */
async function listener(): Promise<{ port: number; accepted: End[]; close: () => Promise<void> }> {
  const accepted: End[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => accepted.push(endOf(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    for (const { socket } of accepted) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  ends.push(close);
  return { port: portOf(server), accepted, close };
}

async function dial(link: Link): Promise<End> {
  const socket = connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true });
  const end = endOf(socket);
  await new Promise<void>((resolve) => {
    socket.once('connect', () => resolve());
    socket.once('close', () => resolve());
  });
  return end;
}

async function linked(): Promise<{ link: Link; client: End; server: End }> {
  const { port, accepted } = await listener();
  const link = await opened(await openLink({ name: 'test', targets: [port] }));
  const client = await dial(link);
  client.socket.write('hello');
  await expect.poll(() => accepted[0]?.text()).toBe('hello');
  const [server] = accepted;
  if (server === undefined) throw new Error('the listener has no connection');
  return { link, client, server };
}

async function opened(link: Link): Promise<Link> {
  ends.push(link.close);
  return link;
}

/** Bytes that cross another link and come back: whatever was under way on this machine has moved on meanwhile. */
async function roundTrips(count: number): Promise<void> {
  const { client, server } = await linked();
  server.socket.on('data', (bytes) => server.socket.write(bytes));
  for (let trip = 1; trip <= count; trip += 1) {
    client.socket.write('x');
    await expect.poll(() => client.text().length, { interval: 1 }).toBe(trip);
  }
}

describe('a sound link', () => {
  it('carries both ways, and an end of one way leaves the other open', async () => {
    const { link, client, server } = await linked();
    client.socket.end(' and bye');
    await expect.poll(server.fate).toBe('end');
    expect(server.text()).toBe('hello and bye');
    server.socket.end('late answer');
    await expect.poll(client.fate).toBe('end');
    expect(client.text()).toBe('late answer');
    await expect.poll(link.connections).toBe(0);
  });

  it('hands a reset on', async () => {
    const { link, client, server } = await linked();
    server.socket.resetAndDestroy();
    await expect.poll(client.fate).toBe('ECONNRESET');
    await expect.poll(link.connections).toBe(0);
  });

  it('slows a writer whose reader does not read', async () => {
    const MANY_BYTES = 64 * 1024 * 1024;
    const { client, server } = await linked();
    server.socket.pause();
    client.socket.write(Buffer.alloc(MANY_BYTES));
    await roundTrips(100);
    expect(client.socket.writableLength).toBe(MANY_BYTES);
    server.socket.resume();
    await expect.poll(() => server.text().length, { timeout: 20_000 }).toBe('hello'.length + MANY_BYTES);
  });

  it('resets what it carries when it is cut, and carries on', async () => {
    const { link, client, server } = await linked();
    link.cut();
    await expect.poll(client.fate).toBe('ECONNRESET');
    await expect.poll(server.fate).toBe('ECONNRESET');
    expect((await dial(link)).fate()).toBe('');
  });
});

describe('a slow link', () => {
  it('delivers late, in order, and at once what waited when it heals', async () => {
    const { link, client, server } = await linked();
    link.set({ kind: 'latency', ms: 3_600_000, jitter_ms: 1_000 });
    client.socket.write('1');
    await roundTrips(5);
    client.socket.end('2');
    server.socket.write('answer');
    await roundTrips(5);
    expect([server.text(), server.fate(), client.text()]).toEqual(['hello', '', '']);
    link.set({ kind: 'none' });
    await expect.poll(server.fate).toBe('end');
    expect(server.text()).toBe('hello12');
    await expect.poll(client.text).toBe('answer');
  });

  it('keeps the order of what it delays unevenly', async () => {
    const { link, client, server } = await linked();
    link.set({ kind: 'latency', ms: 1, jitter_ms: 20 });
    const words = Array.from({ length: 50 }, (_, index) => `${index},`);
    for (const word of words) {
      client.socket.write(word);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => server.text().length).toBe(`hello${words.join('')}`.length);
    expect(server.text()).toBe(`hello${words.join('')}`);
  });

  it('trickles through a narrow line, for all connections together', async () => {
    const { link, client, server } = await linked();
    link.set({ kind: 'bandwidth', bytes_per_s: 20 });
    client.socket.write('x'.repeat(10_000));
    await expect.poll(() => server.text().length).toBeGreaterThan('hello'.length);
    expect(server.text().length).toBeLessThan(5_000);
    link.set({ kind: 'none' });
    await expect.poll(server.text).toBe(`hello${'x'.repeat(10_000)}`);
  });
});

describe('a black hole', () => {
  it('swallows without closing, and resets on healing what lost bytes', async () => {
    const { link, client, server } = await linked();
    const idle = await dial(link);
    await roundTrips(5);
    link.set({ kind: 'black-hole' });
    client.socket.write('lost');
    server.socket.write('lost');
    await roundTrips(5);
    expect([client.text(), client.fate(), server.text(), server.fate()]).toEqual(['', '', 'hello', '']);
    link.set({ kind: 'none' });
    await expect.poll(client.fate).toBe('ECONNRESET');
    await expect.poll(server.fate).toBe('ECONNRESET');
    expect(server.text()).toBe('hello');
    expect(idle.fate()).toBe('');
  });

  it('takes what was under way with it', async () => {
    const { link, client, server } = await linked();
    link.set({ kind: 'latency', ms: 3_600_000 });
    client.socket.write('lost');
    await roundTrips(5);
    link.set({ kind: 'black-hole' });
    link.set({ kind: 'none' });
    await expect.poll(client.fate).toBe('ECONNRESET');
    expect(server.text()).toBe('hello');
  });

  it('accepts who comes, and resets them when it heals', async () => {
    const { link } = await linked();
    link.set({ kind: 'black-hole' });
    const newcomer = await dial(link);
    newcomer.socket.write('anyone?');
    await roundTrips(5);
    expect(newcomer.fate()).toBe('');
    link.set({ kind: 'latency', ms: 1 });
    await expect.poll(newcomer.fate).toBe('ECONNRESET');
  });

  it('tells neither side that the other is gone', async () => {
    const { link, client, server } = await linked();
    link.set({ kind: 'black-hole' });
    client.socket.resetAndDestroy();
    await roundTrips(5);
    expect(server.fate()).toBe('');
    link.set({ kind: 'none' });
    await expect.poll(server.fate).toBe('ECONNRESET');
  });
});

describe('a link that is broken in another way', () => {
  it('loses one direction only', async () => {
    const { link, client, server } = await linked();
    link.set({ kind: 'one-way', lost: 'to-server' });
    client.socket.write('lost');
    server.socket.write('arrives');
    await expect.poll(client.text).toBe('arrives');
    expect(server.text()).toBe('hello');
    link.set({ kind: 'none' });
    await expect.poll(client.fate).toBe('ECONNRESET');
  });

  it('resets the present and refuses the new', async () => {
    const { link, client, server } = await linked();
    link.set({ kind: 'refuse' });
    await expect.poll(client.fate).toBe('ECONNRESET');
    await expect.poll(server.fate).toBe('ECONNRESET');
    const newcomer = await dial(link);
    await expect.poll(newcomer.fate).toBe('ECONNRESET');
    link.set({ kind: 'none' });
    expect((await dial(link)).fate()).toBe('');
  });

  it('closes one half, and never lets the cut half go on', async () => {
    const { link, client, server } = await linked();
    link.set({ kind: 'half-close' });
    await expect.poll(server.fate).toBe('end');
    server.socket.write('still talking');
    await expect.poll(client.text).toBe('still talking');
    client.socket.write('unheard');
    link.set({ kind: 'none' });
    await expect.poll(client.fate).toBe('ECONNRESET');
    expect(server.text()).toBe('hello');
  });
});

describe('a balancer', () => {
  async function greeter(name: string) {
    let ready = true;
    const server = createHttpServer((request, response) => {
      if (request.url === '/readyz' && !ready) response.writeHead(503);
      response.end(name);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const close = () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      });
    ends.push(() => (server.listening ? close() : undefined));
    const setReady = (value: boolean) => {
      ready = value;
    };
    return { port: portOf(server), close, setReady };
  }

  const ask = (link: Link) =>
    new Promise<string>((resolve, reject) => {
      const request = get({ host: '127.0.0.1', port: link.port, path: '/', agent: false }, (response) => {
        response.on('data', (bytes) => resolve(String(bytes)));
      });
      request.on('error', reject);
    });
  const askTwice = async (link: Link) => [await ask(link), await ask(link)].sort().join();

  it('gives to each in turn, passes over who is gone or not ready, and finds them again', async () => {
    const [left, right] = [await greeter('left'), await greeter('right')];
    const health = watchTargets('readyz');
    ends.push(health.close);
    const link = await opened(await openLink({ name: 'balancer', targets: [left.port, right.port], health }));
    expect(await askTwice(link)).toBe('left,right');
    left.setReady(false);
    await expect.poll(() => askTwice(link)).toBe('right,right');
    left.setReady(true);
    await expect.poll(() => askTwice(link)).toBe('left,right');
    await right.close();
    expect(await askTwice(link)).toBe('left,left');
    link.retarget([right.port]);
    await expect(ask(link)).rejects.toThrow(/ECONNRESET|hang up/);
  });
});
