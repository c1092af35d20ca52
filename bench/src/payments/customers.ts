// Who places the orders: every second one by card, each sent under its key until it is decided, everything journalled.
import { join } from 'node:path';
import type { DatasetOrder } from '../dataset/index.ts';
import { openClientJournal } from '../journal/client-journal.ts';
import { journalFolder } from '../platform/run-file.ts';
import { openOrderDoor } from '../replay/placing.ts';
import { keyPrefixOf, preparedOrder } from '../replay/prepared-orders.ts';

export interface PlacedOrder {
  readonly orderId: string;
  readonly byCard: boolean;
}

export interface CustomerCounts {
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unknown: number;
}

export interface Customers {
  /** Sends an order to its decision; answers it where it was taken. Never rejects. */
  readonly place: (order: DatasetOrder) => Promise<PlacedOrder | null>;
  readonly placed: readonly PlacedOrder[];
  readonly counts: () => CustomerCounts;
  readonly close: () => Promise<void>;
}

export interface CustomersOptions {
  readonly gatewayUrl: string;
  readonly dataDir: string;
  readonly token: string;
  /** Names the run: its keys, PO numbers and journal. */
  readonly run: string;
  readonly draw: () => number;
}

const CONNECTIONS = 64;

export function openCustomers({ gatewayUrl, dataDir, token, run, draw }: CustomersOptions): Customers {
  const journal = openClientJournal(join(journalFolder(dataDir), `client-${run}.ndjson`));
  const door = openOrderDoor(gatewayUrl, token, CONNECTIONS, draw);
  const tally = { sent: 0, acknowledged: 0, refused: 0, unknown: 0 };
  const placed: PlacedOrder[] = [];
  const now = () => new Date().toISOString();
  return {
    placed,
    counts: () => ({ ...tally }),
    place: async (order) => {
      const index = tally.sent;
      tally.sent += 1;
      const byCard = index % 2 === 0;
      const preparation = { run, orders: 1, cardShare: byCard ? 1 : 0, draw: () => 0 };
      const { key, body, partnerId, poNumber, linesDigest } = preparedOrder(order, preparation, index, 0);
      journal.append({ kind: 'sent', key, partnerId, poNumber, linesDigest, at: now() });
      const outcome = await door.place(body);
      tally[outcome.kind] += 1;
      if (outcome.kind !== 'acknowledged') {
        journal.append({ kind: outcome.kind, key, codes: [...outcome.codes], at: now() });
        return null;
      }
      const { kind, orderId, number, totalMinor, replayed } = outcome;
      journal.append({ kind, key, orderId, number, totalMinor, replayed, at: now() });
      placed.push({ orderId, byCard });
      return { orderId, byCard };
    },
    close: async () => {
      journal.append({ kind: 'complete', keyPrefix: keyPrefixOf(run), at: now() });
      journal.close();
      await door.close();
    },
  };
}
