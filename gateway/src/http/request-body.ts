// Reads a request's body. One that is too large is still taken off the wire, because a client that is cut off while it writes
// sees a broken connection instead of our answer.
import type { Readable } from 'node:stream';

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** What a body may take. */
export type BodyLimits = Readonly<{
  bytesMax: number;
  /** Bytes that are read and thrown away of one that is larger; beyond them the sender is cut off. */
  discardedBytesMax: number;
  /** Milliseconds from its first byte to its last. */
  within_ms: number;
}>;

/** The largest request: a bulk mutation of 1,000 rows fits several times. No request may take longer (app.ts), and so no body. */
export const JSON_LIMITS: BodyLimits = {
  bytesMax: 4 * MIB,
  discardedBytesMax: 64 * MIB,
  within_ms: 30_000,
};

/** Its message tells the limit to the sender; `isCutOff` when there was no end to it. */
export class BodyTooLarge extends Error {
  readonly isCutOff: boolean;

  constructor(bytesMax: number, isCutOff: boolean) {
    super(`A request has at most ${bytesMax < MIB ? `${bytesMax / KIB} KiB` : `${bytesMax / MIB} MiB`}.`);
    this.isCutOff = isCutOff;
  }
}
export class BodyTooSlow extends Error {}
/** Its message tells the sender what is wrong. */
export class BodyMalformed extends Error {}

/** The parsed body; rejects with BodyTooLarge, BodyTooSlow or BodyMalformed. Invalid UTF-8 becomes U+FFFD. */
export async function readJsonBody(body: Readable): Promise<unknown> {
  const bytes = await readBody(body, JSON_LIMITS);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new BodyMalformed('The body is no JSON.');
  }
}

/** The body byte for byte; rejects with BodyTooLarge, BodyTooSlow, or BodyMalformed when it broke off. */
export function readBody(
  body: Readable,
  { bytesMax, discardedBytesMax, within_ms }: BodyLimits,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const tooLarge = (isCutOff: boolean) => reject(new BodyTooLarge(bytesMax, isCutOff));
    const tooSlow = setTimeout(() => reject(new BodyTooSlow('The body came too slowly.')), within_ms);
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > discardedBytesMax) tooLarge(true);
    });
    body.on('end', () => {
      clearTimeout(tooSlow);
      if (bytes > bytesMax) tooLarge(false);
      else resolve(Buffer.concat(chunks, bytes));
    });
    // A sender that goes away is no fault of ours, whichever of the two comes first.
    const brokeOff = () => {
      clearTimeout(tooSlow);
      reject(new BodyMalformed('The body broke off.'));
    };
    body.on('error', brokeOff);
    body.on('close', brokeOff);
  });
}
