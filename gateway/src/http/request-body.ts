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
  const text = await readText(body);
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyMalformed('The body is no JSON.');
  }
}

function readText(body: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const tooLarge = () => reject(new BodyTooLarge('The body is too large.'));
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > DISCARDED_BYTES_MAX) tooLarge();
    });
    body.on('end', () => {
      if (bytes > BODY_BYTES_MAX) tooLarge();
      else resolve(Buffer.concat(chunks, bytes).toString('utf8'));
    });
    body.on('error', reject);
    body.on('close', () => reject(new BodyMalformed('The body broke off.')));
  });
}
