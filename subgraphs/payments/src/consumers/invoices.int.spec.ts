import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase, type Sql } from '@crossdock/event-store';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, expectBooksAgree, invoicesOf, paymentOf } from '../../test/books.ts';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import { openCreditAccount } from '../../test/credit-account.ts';
import {
  type Hearing,
  newOrder,
  orderPlaced,
  partnerRegistered,
  type Said,
  shipmentConfirmed,
  startHearing,
  stockReserved,
} from '../../test/hearing.ts';
import { createRecordPayment } from '../command-handlers/record-payment.ts';
import { INVOICE_STATUSES, invoiceStatus, openMinor } from '../domain/invoice.ts';
import {
  type InvoicePage,
  listInvoices,
  loadInvoices,
  loadInvoicesNumbered,
} from '../read-models/invoices.ts';
import { type InvoiceWrite, writePayments } from '../store/write-payments.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));
const LINES = [
  { sku: 'MUG', quantity: 3, unitPriceMinor: 255 },
  { sku: 'LAMP', quantity: 2, unitPriceMinor: 1_275 },
];
const WORTH = 3_315;

let clone: TestDatabase;
let database: Database;
let hearing: Hearing;

beforeAll(async () => {
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
  hearing = await startHearing(database.sql);
});

afterAll(async () => {
  await hearing.leave();
  await database.close();
  await clone.drop();
});

async function newPartner(termsDays = 30): Promise<string> {
  const partnerId = newId();
  await hearing.hear(partnerRegistered(partnerId));
  await openCreditAccount(database.sql, partnerId, 1_000_000, termsDays);
  return partnerId;
}

/** Every order of the items. */
function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

function storyOf(partnerId: string) {
  const order = newOrder(partnerId);
  const shipmentId = newId();
  const left = shipmentConfirmed(order, WORTH, shipmentId, LINES);
  return { order, shipmentId, facts: [orderPlaced(order, WORTH), stockReserved(order, WORTH), left] };
}

describe('a shipment on terms', () => {
  it('is invoiced once it left, by the terms that stand then, with what was told of it', async () => {
    const partnerId = await newPartner(14);
    const { order, shipmentId, facts } = storyOf(partnerId);
    await hearing.hear(...facts);
    const [row] = await invoicesOf(database.sql, order);
    expect(row).toMatchObject({ shipmentId, method: 'TERMS', total: WORTH, paid: 0, credited: 0 });
    expect(row).toMatchObject({ lines: LINES, termsDays: 14, daysToDue: 14 });
    const [view] = await loadInvoices(database.read, [shipmentId]);
    expect(view).toMatchObject({ orderNumber: 'SO-1', poNumber: null, partnerId });
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'has one invoice whichever way its facts come, and come again (order %i)',
    async (way) => {
      const partnerId = await newPartner();
      const { order, facts } = storyOf(partnerId);
      const turned: Said[] = permutations(facts)[way] ?? [];
      for (const fact of turned) await hearing.hear(fact);
      await hearing.hear(...turned);
      await hearing.hear(...turned.toReversed());
      const rows = await invoicesOf(database.sql, order);
      expect(rows.map(({ total, paid, lines }) => ({ total, paid, lines }))).toEqual([
        { total: WORTH, paid: 0, lines: LINES },
      ]);
      expect(rows[0]?.number).not.toBeNull();
      await expectBooksAgree(database.sql);
    },
  );

  it('keeps its lines and has no number while its order is not known', async () => {
    const partnerId = await newPartner();
    const { order, shipmentId, facts } = storyOf(partnerId);
    await hearing.hear(...facts.slice(2));
    expect(await invoicesOf(database.sql, order)).toMatchObject([{ number: null, lines: LINES }]);
    expect(await loadInvoices(database.read, [shipmentId])).toEqual([null]);
  });

  it('is invoiced in the order of leaving within a batch, and without prices where none were told', async () => {
    const partnerId = await newPartner();
    const order = newOrder(partnerId);
    const ids = [newId(), newId(), newId()];
    const left = ids.map((id) => shipmentConfirmed(order, 100, id));
    await hearing.hear(orderPlaced(order, 300), stockReserved(order, 300), ...left);
    const rows = await invoicesOf(database.sql, order);
    expect(rows.map((row) => row.shipmentId)).toEqual(ids);
    expect(rows[0]?.lines).toEqual([{ sku: '85123A', quantity: 1, unitPriceMinor: null }]);
  });

  it('is listed page by page, the newest first, by partner, status and day', async () => {
    const partnerId = await newPartner(0);
    const orders = Array.from({ length: 5 }, () => newOrder(partnerId));
    for (const order of orders)
      await hearing.hear(orderPlaced(order, 100), stockReserved(order, 100), shipmentConfirmed(order, 100));
    await createRecordPayment({ sql: database.sql, poke: () => undefined })(paymentOf(partnerId, 250));
    const all: InvoicePage = {
      partnerIds: [partnerId],
      statuses: null,
      overdueOn: null,
      after: null,
      limit: 10,
    };
    const list = async (change: Partial<InvoicePage>) =>
      (await listInvoices(database.read, { ...all, ...change })).map(({ number }) => number);
    const numbers = await list({});
    expect(numbers).toEqual(numbers.toSorted((one, other) => other - one));
    expect(numbers).toHaveLength(5);
    expect(await list({ limit: 2 })).toEqual(numbers.slice(0, 2));
    expect(await list({ after: numbers[1] ?? 0, limit: 2 })).toEqual(numbers.slice(2, 4));
    expect(await list({ statuses: ['PAID'] })).toEqual(numbers.slice(3));
    expect(await list({ statuses: ['PARTIALLY_PAID'] })).toEqual(numbers.slice(2, 3));
    expect(await list({ statuses: ['OPEN', 'PARTIALLY_PAID'] })).toEqual(numbers.slice(0, 3));
    expect(await list({ overdueOn: '2999-01-01' })).toEqual(numbers.slice(0, 3));
    expect(await list({ overdueOn: '2000-01-01' })).toEqual([]);
    expect(await list({ partnerIds: [] })).toEqual([]);
    expect(await list({ partnerIds: null, after: null, limit: 5 })).toEqual(numbers);
    const [found, missing] = await loadInvoicesNumbered(database.read, [numbers[0] ?? 0, 99_999]);
    expect([found?.number, missing]).toEqual([numbers[0], null]);
  });
});

describe('what is credited', () => {
  it('lowers what is open, and beyond that settles other invoices or stands to the credit of the partner', async () => {
    const partnerId = await newPartner();
    const orders = [newOrder(partnerId), newOrder(partnerId)] as const;
    const ids = [newId(), newId()] as const;
    await hearing.hear(
      ...orders.flatMap((order, index) => [
        ...[orderPlaced(order, 1_000), stockReserved(order, 1_000)],
        shipmentConfirmed(order, 1_000, ids[index] ?? ''),
      ]),
    );
    const record = createRecordPayment({ sql: database.sql, poke: () => undefined });
    await record(paymentOf(partnerId, 1_000));
    const credit = async (index: 0 | 1, creditedMinor: number) => {
      const write: InvoiceWrite = {
        ...{ shipmentId: ids[index], orderId: orders[index].orderId, partnerId, currencyCode: 'GBP' },
        ...{ totalMinor: 1_000, lines: null, issue: null, paidMinor: 0, creditedMinor },
      };
      const move = { partnerId, partition: 0, currencyCode: 'GBP', deltaMinor: 0, peakMinor: null };
      const nothing = { payments: [], entries: [], calls: [], events: [] };
      const changes = { ...nothing, credit: [move], invoices: [write] };
      await writePayments(database.sql, { epoch: hearing.epoch, settled: [] }, changes);
    };
    const figures = async () =>
      (await Promise.all(orders.map((order) => invoicesOf(database.sql, order)))).map(([row]) => [
        ...[row?.paid, row?.credited],
      ]);
    expect(await figures()).toEqual([
      [1_000, 0],
      [0, 0],
    ]);
    // The first is paid: what is credited of it settles the second.
    await credit(0, 300);
    expect(await figures()).toEqual([
      [1_000, 300],
      [300, 0],
    ]);
    await credit(1, 600);
    await credit(1, 150);
    expect(await figures()).toEqual([
      [1_000, 300],
      [300, 750],
    ]);
    expect(await accountOf(database.sql, partnerId)).toMatchObject({ open: 0, unapplied: 50 });
  });
});

describe('a shipment by card', () => {
  let cards: Cards;
  beforeAll(async () => {
    cards = await openCards();
  });
  afterAll(() => cards.close());

  it('is invoiced when its capture is asked for, and paid when it was made', async () => {
    const order = newOrder(newId());
    await cards.hear(orderPlaced(order, 1_000, 'sealed:tok_visa'), stockReserved(order, 1_000));
    cards.dispatch();
    await cards.reaches(order, { status: 'AUTHORISED' });
    await cards.stopAll();
    await cards.hear(shipmentConfirmed(order, 1_000));
    const { sql } = cards.database;
    expect(await invoicesOf(sql, order)).toMatchObject([
      { method: 'CARD', paid: 0, termsDays: 0, daysToDue: 0 },
    ]);
    const [before] = await invoicesOf(sql, order);
    cards.dispatch();
    await cards.reaches(order, { status: 'CAPTURED' });
    expect(await invoicesOf(sql, order)).toEqual([{ ...before, paid: 1_000 }]);
    await expectBooksAgree(sql);
  });

  it('and of which half was taken and given back is open, and on the list of what is', async () => {
    const { sql, read } = cards.database;
    const partnerIds = [await invoicedByCard(sql, { paid: 500, credited: 500 })];
    await invoicedByCard(sql, { paid: 1_000, credited: 1_000 }, partnerIds[0]);
    const all: InvoicePage = { partnerIds, statuses: null, overdueOn: null, after: null, limit: 10 };
    for (const status of INVOICE_STATUSES) {
      const listed = await listInvoices(read, { ...all, statuses: [status] });
      expect(listed.map(invoiceStatus)).toEqual(listed.map(() => status));
      expect(listed).toHaveLength(status === 'OPEN' ? 0 : 1);
    }
    const overdue = await listInvoices(read, { ...all, overdueOn: '2999-01-01' });
    expect(overdue.map(openMinor)).toEqual([500]);
  });
});

/** An invoice of 10.00 with these figures; answers its partner. */
async function invoicedByCard(
  sql: Sql,
  { paid, credited }: Readonly<{ paid: number; credited: number }>,
  partnerId: string = newId(),
): Promise<string> {
  const about = { shipmentId: newId(), orderId: newId(), partnerId, currencyCode: 'GBP', totalMinor: 1_000 };
  const figures = { lines: [], method: 'CARD', paidMinor: paid, creditedMinor: credited };
  const sheet = { orders: [], invoices: [{ ...about, ...figures }] };
  await sql`SELECT invoices_write(${JSON.stringify(sheet)}::text::jsonb)`;
  return partnerId;
}
