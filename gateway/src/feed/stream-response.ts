// Writes a feed into one HTTP response at the pace the client reads it.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FeedOutput } from './order-feed.ts';
import type { StreamFormat } from './stream-formats.ts';

/** A client that takes nothing for so long is gone, or must be made to come back. */
const FLUSH_WITHIN_MS = 30_000;

/** Resolves when the response has ended; `leave` is called once the client is gone. */
export async function writeStream(
  response: ServerResponse,
  format: StreamFormat,
  outputs: AsyncIterable<FeedOutput>,
  leave: () => void,
): Promise<void> {
  response.writeHead(200, format.headers);
  response.write(format.opening);
  const heartbeat = setInterval(() => response.write(format.heartbeat), format.heartbeatMs);
  response.once('close', leave);
  let ending: FeedOutput['ending'] = null;
  try {
    for await (const output of outputs) {
      ending = output.ending;
      if (response.destroyed) break;
      if (!response.write(format.item(output)) && !(await isFlushed(response))) break;
    }
  } finally {
    clearInterval(heartbeat);
    // A client of a stopping server shall reconnect by itself, so that it is not told that all is complete.
    if (response.writable) response.end(ending === 'SUBSCRIPTION_SERVER_STOPPING' ? '' : format.complete);
    response.off('close', leave);
    leave();
  }
}

/** False when the client did not read in time; then the connection is cut. */
async function isFlushed(response: ServerResponse): Promise<boolean> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), FLUSH_WITHIN_MS);
  const gone = () => late.abort();
  response.once('close', gone);
  try {
    await once(response, 'drain', { signal: late.signal });
    return true;
  } catch {
    response.destroy();
    return false;
  } finally {
    clearTimeout(timer);
    response.off('close', gone);
  }
}
