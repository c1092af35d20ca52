import { createServer } from 'node:net';

/**
 * Ports are taken below the range that operating systems hand out for outgoing connections (32,768 and up), so
 * that a restarted server finds its port again.
 */
const LOWEST_PORT = 20_000;
const PORT_COUNT = 12_000;
const MAX_TRIES = 200;

const handedOut = new Set<number>();

/** Whether 127.0.0.1:`port` can be listened on now. */
export function portIsFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A port of 127.0.0.1 that is free now and was not handed out before by this process. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORT_COUNT);
    if (handedOut.has(port)) continue;
    if (await portIsFree(port)) {
      handedOut.add(port);
      return port;
    }
  }
  throw new Error(`No free port found in ${MAX_TRIES} tries from ${LOWEST_PORT}.`);
}
