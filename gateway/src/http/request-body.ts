// Reads a request's JSON. A body that is too large is still taken off the wire, because a client that is cut off while
// it writes sees a broken connection instead of our answer.
import type { Readable } from 'node:stream';

/** The largest request: a bulk mutation of 1,000 rows fits several times. */
export const BODY_BYTES_MAX = 4 * 1_024 * 1_024;
/** Beyond this the sender is cut off. */
const DISCARDED_BYTES_MAX = 64 * 1_024 * 1_024;

export class BodyTooLarge extends Error {}
export class BodyMalformed extends Error {}

/** The parsed body; rejects with BodyTooLarge or BodyMalformed. Invalid UTF-8 becomes U+FFFD. */
export async function readJsonBody(body: Readable): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > DISCARDED_BYTES_MAX) break;
  }
  if (bytes > BODY_BYTES_MAX) throw new BodyTooLarge('The body is too large.');
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new BodyMalformed('The body is no JSON.');
  }
}
