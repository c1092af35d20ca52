import { createHash, randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(16 * 256);
let taken = pool.length;

function hex(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

/** A new UUIDv7 (RFC 9562): ordered by the millisecond it was made in. */
export function newId(now: number = Date.now()): string {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  const bytes = pool.subarray(taken, taken + 16);
  taken += 16;
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return hex(bytes);
}

// Namespace of derived ids (RFC 9562 §5.5): made once, never changed, or the past would be derived anew.
const NAMESPACE = Buffer.from('6f1d0f0c3b6a4c1e9a57c0d3b5e8f214', 'hex');

/** The UUIDv5 of a cause, a step and an ordinal: an event derived twice has the same id both times. */
export function derivedId(cause: string, step: string, ordinal: number = 0): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(`${cause}\u001f${step}\u001f${ordinal}`).digest();
  bytes[6] = 0x50 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return hex(bytes);
}
