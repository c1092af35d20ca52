// Buyers: each order is sent until it is decided, some twice at once under one key, and everything is journalled.
import { join } from 'node:path';
import { openClientJournal } from '../journal/client-journal.ts';
import { journalFolder } from '../platform/run-file.ts';
import { type Outcome, openOrderDoor } from '../replay/placing.ts';
import { type AskedOrder, keyPrefixOf, preparedOrder } from '../replay/prepared-orders.ts';

export interface Buyers {
  /** Sends an order to its decision; never rejects. */
  readonly buy: (order: Omit<AskedOrder, 'invoice'>) => Promise<Outcome>;
  readonly counts: () => BuyerCounts;
  /** Attempts that had to be repeated. */
  readonly retries: () => number;
  readonly close: () => Promise<void>;
}

export interface BuyerCounts {
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unknown: number;
}

export interface BuyersOptions {
  readonly gatewayUrl: string;
  readonly dataDir: string;
  readonly token: string;
  readonly run: string;
  readonly draw: () => number;
}

/** Everybody comes at once: each of 500 has a connection. */
const CONNECTIONS = 500;
/** Share of orders whose request is sent twice at the same time: the platform must make one order of them. */
const TWIN_SHARE = 0.1;

export function openBuyers({ gatewayUrl, dataDir, token, run, draw }: BuyersOptions): Buyers {
  const journal = openClientJournal(join(journalFolder(dataDir), `client-${run}.ndjson`));
  const tally = { sent: 0, acknowledged: 0, refused: 0, unknown: 0 };
  let retries = 0;
  const door = openOrderDoor(gatewayUrl, token, CONNECTIONS, draw, ({ answer }) => {
    if (answer.kind === 'retry') retries += 1;
  });
  const preparation = { run, orders: 1, cardShare: 0, draw };
  const place = async (key: string, body: string): Promise<Outcome> => {
    const outcome = await door.place(body);
    const at = new Date().toISOString();
    if (outcome.kind === 'acknowledged') {
      const { orderId, number, totalMinor, replayed } = outcome;
      journal.append({ kind: 'acknowledged', key, orderId, number, totalMinor, replayed, at });
    } else journal.append({ kind: outcome.kind, key, codes: [...outcome.codes], at });
    return outcome;
  };
  return {
    buy: async (order) => {
      const index = tally.sent;
      tally.sent += 1;
      const asked = { ...order, invoice: `R${index}` };
      const { key, body, partnerId, poNumber, linesDigest } = preparedOrder(asked, preparation, index, 0);
      journal.append({ kind: 'sent', key, partnerId, poNumber, linesDigest, at: new Date().toISOString() });
      const twin = draw() < TWIN_SHARE ? place(key, body) : undefined;
      const outcome = await place(key, body);
      await twin;
      tally[outcome.kind] += 1;
      return outcome;
    },
    counts: () => ({ ...tally }),
    retries: () => retries,
    close: async () => {
      journal.append({ kind: 'complete', keyPrefix: keyPrefixOf(run), at: new Date().toISOString() });
      journal.close();
      await door.close();
    },
  };
}
