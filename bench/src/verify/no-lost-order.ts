import type { ClientJournalEntry } from '../journal/client-journal.ts';
import { counted, type Rows, type Verdict } from './verdict.ts';

/** An order as one witness of the platform holds it. */
export interface HeldOrder {
  readonly id: string;
  readonly number: string;
  readonly partnerId: string;
  readonly poNumber: string | null;
  readonly totalMinor: number;
  /** Null where this witness holds no lines. */
  readonly linesDigest: string | null;
}

type Sent = Extract<ClientJournalEntry, { kind: 'sent' }>;
type Acknowledged = Extract<ClientJournalEntry, { kind: 'acknowledged' }>;

/** 1. Every acknowledged order exists, in the table and in the log, with the content that was sent. */
export async function checkNoLostOrder(
  journal: Rows<ClientJournalEntry>,
  witnesses: Readonly<Record<string, Rows<HeldOrder>>>,
): Promise<Verdict> {
  const sent = new Map<string, Sent>();
  const acknowledged: Acknowledged[] = [];
  for await (const entry of journal) {
    if (entry.kind === 'sent') sent.set(entry.key, entry);
    if (entry.kind === 'acknowledged') acknowledged.push(entry);
  }
  const breaches: string[] = [];
  for (const [witness, rows] of Object.entries(witnesses)) {
    const held = new Map<string, HeldOrder>();
    for await (const order of rows) held.set(order.id, order);
    for (const entry of acknowledged) {
      const breach = breachOf(entry, sent.get(entry.key), held.get(entry.orderId));
      if (breach !== undefined)
        breaches.push(`${entry.number} (${entry.orderId}, key ${entry.key}): ${breach} in the ${witness}`);
    }
  }
  return {
    summary: `${counted(acknowledged.length, 'acknowledged order')} of ${sent.size.toLocaleString('en')} sent`,
    breaches,
  };
}

function breachOf(
  entry: Acknowledged,
  sent: Sent | undefined,
  held: HeldOrder | undefined,
): string | undefined {
  if (held === undefined) return 'was acknowledged and is not';
  if (sent === undefined) return 'was acknowledged but never sent, though it is';
  const differences = [
    held.number === entry.number ? '' : `number ${held.number}`,
    held.totalMinor === entry.totalMinor ? '' : `total ${held.totalMinor} instead of ${entry.totalMinor}`,
    held.partnerId === sent.partnerId ? '' : `partner ${held.partnerId} instead of ${sent.partnerId}`,
    held.poNumber === sent.poNumber ? '' : `PO number ${held.poNumber} instead of ${sent.poNumber}`,
    held.linesDigest === null || held.linesDigest === sent.linesDigest ? '' : 'other lines than were sent',
  ].filter((difference) => difference !== '');
  return differences.length === 0 ? undefined : `has ${differences.join(', ')}`;
}
