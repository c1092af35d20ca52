// The signed cursor of the live feed: where a reader stands in each partition of the orders log.
// It proves who issued it and for whom; it does not say whether the log still holds the place.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Head } from '@crossdock/contracts';

/** Places in the orders log, at most one for each partition, and whom the feed is for. */
export type FeedCursor = Readonly<{ positions: readonly Readonly<Head>[]; scope: string }>;

export type CursorRefusal = 'MALFORMED' | 'FORGED';
export type DecodedCursor =
  | Readonly<{ ok: true; cursor: FeedCursor }>
  | Readonly<{ ok: false; refusal: CursorRefusal }>;

/** Scope of callers who see more than one partner; their cursors hold every partition. */
export const SCOPE_ALL = '*';

/** The scope of a caller's cursors: the partner of a buyer or approver, else everything. */
export function feedScopeOf(caller: Readonly<{ role: string; partner?: string | undefined }>): string {
  const bound = caller.role === 'buyer' || caller.role === 'approver';
  return bound && caller.partner !== undefined ? caller.partner : SCOPE_ALL;
}

// Layout: version, length of scope, scope, count, then for each place partition (1), position (6), event id (16);
// at the end the signature.
const VERSION = 1;
const POSITION_BYTES = 6;
const EVENT_ID_BYTES = 16;
const PLACE_BYTES = 1 + POSITION_BYTES + EVENT_ID_BYTES;
/** 128 of HMAC-SHA256's 256 bits: enough against guessing, half the length for clients to carry. */
const SIGNATURE_BYTES = 16;
const HEADER_BYTES = 2;
const SCOPE_BYTES_MAX = 255;
const TEXT_LENGTH_MAX = 1_024;
const NO_EVENT = '0'.repeat(EVENT_ID_BYTES * 2);

/** The cursor as a URL-safe text. Event ids are UUIDs, or null at position 0. */
export function encodeCursor(cursor: FeedCursor, secret: string): string {
  const scope = Buffer.from(cursor.scope, 'utf8');
  if (scope.length > SCOPE_BYTES_MAX)
    throw new Error(`A cursor's scope has at most ${SCOPE_BYTES_MAX} bytes.`);
  const body = Buffer.alloc(HEADER_BYTES + scope.length + 1 + cursor.positions.length * PLACE_BYTES);
  let offset = body.writeUInt8(VERSION, 0);
  offset = body.writeUInt8(scope.length, offset);
  offset += scope.copy(body, offset);
  offset = body.writeUInt8(cursor.positions.length, offset);
  for (const place of cursor.positions) {
    offset = body.writeUInt8(place.partition, offset);
    offset = body.writeUIntBE(place.position, offset, POSITION_BYTES);
    offset += body.write((place.eventId ?? NO_EVENT).replaceAll('-', ''), offset, EVENT_ID_BYTES, 'hex');
  }
  return Buffer.concat([body, signature(body, secret)]).toString('base64url');
}

/** Reads a cursor that `encodeCursor` wrote with the same secret; anything else is refused with a reason. */
export function decodeCursor(text: string, secret: string): DecodedCursor {
  if (text.length > TEXT_LENGTH_MAX) return { ok: false, refusal: 'MALFORMED' };
  const bytes = Buffer.from(text, 'base64url');
  const end = bytes.length - SIGNATURE_BYTES;
  // A text that is no canonical base64url would give one cursor several spellings.
  if (end <= HEADER_BYTES || bytes.toString('base64url') !== text) return { ok: false, refusal: 'MALFORMED' };
  const body = bytes.subarray(0, end);
  if (!timingSafeEqual(bytes.subarray(end), signature(body, secret))) return { ok: false, refusal: 'FORGED' };
  const cursor = readBody(body);
  return cursor === null ? { ok: false, refusal: 'MALFORMED' } : { ok: true, cursor };
}

/** The body was signed by us, so that only a newer layout can fail to read. */
function readBody(body: Buffer): FeedCursor | null {
  if (body.readUInt8(0) !== VERSION) return null;
  const scopeEnd = HEADER_BYTES + body.readUInt8(1);
  if (scopeEnd >= body.length) return null;
  const scope = body.toString('utf8', HEADER_BYTES, scopeEnd);
  const count = body.readUInt8(scopeEnd);
  if (body.length !== scopeEnd + 1 + count * PLACE_BYTES) return null;
  const positions = Array.from({ length: count }, (_, index) =>
    readPlace(body, scopeEnd + 1 + index * PLACE_BYTES),
  );
  return { scope, positions };
}

function readPlace(body: Buffer, offset: number): Head {
  const position = body.readUIntBE(offset + 1, POSITION_BYTES);
  const hex = body.toString('hex', offset + 1 + POSITION_BYTES, offset + PLACE_BYTES);
  return { partition: body.readUInt8(offset), position, eventId: hex === NO_EVENT ? null : uuidOf(hex) };
}

const uuidOf = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

const signature = (body: Buffer, secret: string) =>
  createHmac('sha256', secret).update(body).digest().subarray(0, SIGNATURE_BYTES);
