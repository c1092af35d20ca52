// Where a client stands, from the cursor it shows; a cursor of another partner is refused.
import { type Head, PARTITION_COUNT } from '@crossdock/contracts';
import { decodeCursor, SCOPE_ALL } from '@crossdock/feed-cursor';

/** The places to go on from; null when the cursor was not issued for this scope. */
export function placesOfCursor(text: string, scope: string, secret: string): readonly Head[] | null {
  const decoded = decodeCursor(text, secret);
  if (!decoded.ok) return null;
  const { cursor } = decoded;
  if (cursor.scope !== scope && cursor.scope !== SCOPE_ALL) return null;
  if (cursor.positions.some(({ partition }) => partition >= PARTITION_COUNT)) return null;
  // A partner's only partition is known once the partner has an event there; else every partition counts, and one
  // that the cursor leaves out had no events.
  if (cursor.scope !== SCOPE_ALL && cursor.positions.length === 1) return cursor.positions;
  return Array.from(
    { length: PARTITION_COUNT },
    (_, partition) =>
      cursor.positions.find((place) => place.partition === partition) ?? {
        partition,
        position: 0,
        eventId: null,
      },
  );
}
