// The comparison of ledger, provider and shipments, against a provider whose books are changed behind our back.
import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  orderCancelled,
  orderPlaced,
  shipmentConfirmed,
  stockReserved,
  type TestOrder,
} from '../../test/hearing.ts';
import { openReconciling, type Reconciling } from '../../test/reconciling.ts';
import type { PaymentProvider, ProviderAuthorisation } from '../ports.ts';
import { loadRun } from '../store/reconciliations.ts';
import { createClosePaymentBreak, createReconcilePayments } from './ask-for-reconciliation.ts';
import { reconcileOnce } from './reconcile.ts';

const PATIENCE = { timeout: 20_000, interval: 30 };
const PAGE = 2;

let money: Reconciling;
let released: string[] = [];
let reportFails = false;

/** Reports in pages of two, and writes down the keys of what it released. */
const paged = (fake: PaymentProvider): PaymentProvider => ({
  ...fake,
  release: (id, key) => {
    released.push(key);
    return fake.release(id, key);
  },
  report: async (after) => {
    if (reportFails) return { kind: 'unknown', reason: 'HTTP 503' };
    const all = await fake.report(null);
    if (all.kind !== 'done') return all;
    const from = Number(after ?? 0);
    const { authorisations } = all.value;
    const next = from + PAGE < authorisations.length ? String(from + PAGE) : null;
    return { kind: 'done', value: { authorisations: authorisations.slice(from, from + PAGE), next } };
  },
});

beforeAll(async () => {
  money = await openReconciling(paged);
  money.dispatch();
});
afterAll(() => money.close());
beforeEach(() => {
  released = [];
  reportFails = false;
});

const reference = ({ orderId }: TestOrder, instance: string, purpose = 'order') => ({
  ...{ orderId, purpose, epoch: 1, instance },
});

async function strayFor(order: TestOrder, minor = 700): Promise<string> {
  const request = {
    amountMinor: minor,
    currencyCode: 'GBP',
    cardToken: 'tok_visa',
    reference: reference(order, '1'),
  };
  const made = await money.provider.create(request, newId());
  const id = made.kind === 'done' ? made.value.id : '';
  await money.provider.confirm(id, newId());
  return id;
}

async function shown(id: string): Promise<ProviderAuthorisation | null> {
  const read = await money.provider.read(id);
  return read.kind === 'done' ? read.value : null;
}

const lastRun = async () => {
  const [row] = await money.database.sql<
    {
      id: string;
      payments: number;
      authorisations: number;
      found: number;
      healed: number;
      error: string | null;
      isOver: boolean;
    }[]
  >`SELECT id, payments, authorisations, breaks_found AS found, breaks_healed AS healed, error, finished_at IS NOT NULL AS "isOver"
    FROM payment_reconciliations ORDER BY started_at DESC LIMIT 1`;
  return row;
};

describe('a comparison', () => {
  it('finds nothing where nothing differs, on terms and by card, over several pages', async () => {
    for (const shipped of [1_000, 400, undefined]) await money.order(1_000, shipped);
    const onTerms = { orderId: newId(), partnerId: newId() };
    await money.hear(orderPlaced(onTerms, 300), stockReserved(onTerms, 300), shipmentConfirmed(onTerms, 300));
    await money.reconcile();
    expect(await lastRun()).toMatchObject({
      authorisations: 3,
      payments: 4,
      found: 0,
      error: null,
      isOver: true,
    });
  });

  it('releases a live authorisation that stands beside the order’s own, once', async () => {
    const { order, id } = await money.order(1_000);
    const stray = await strayFor(order);
    await money.reconcile();
    await money.reconcile();
    expect(await shown(stray)).toMatchObject({ status: 'VOIDED' });
    expect(await shown(id)).toMatchObject({ status: 'AUTHORISED' });
    expect(released).toEqual([`${order.orderId}:heal-void:${stray}`]);
    expect(await money.breaksOf(order)).toEqual([
      { kind: 'STRAY_AUTHORISATION', state: 'HEALED', subject: stray, expected: 0, found: 700 },
    ]);
  });

  it('releases one of an order that is closed, and leaves alone what is unconfirmed', async () => {
    const { order, id } = await money.order(1_000);
    await money.hear(orderCancelled(order));
    await expect.poll(async () => (await money.statusOf(order))?.status, PATIENCE).toBe('VOIDED');
    const stray = await strayFor(order);
    const request = {
      amountMinor: 5,
      currencyCode: 'GBP',
      cardToken: 'tok_visa',
      reference: reference(order, '1'),
    };
    const unconfirmed = await money.provider.create(request, newId());
    await money.reconcile();
    expect([await shown(stray), await shown(id)]).toMatchObject([{ status: 'VOIDED' }, { status: 'VOIDED' }]);
    expect(unconfirmed.kind === 'done' && (await shown(unconfirmed.value.id))?.status).toBe(
      'REQUIRES_CONFIRMATION',
    );
  });

  it('leaves money that was taken twice to its owner, and gives nothing back', async () => {
    const { order, id } = await money.order(1_000, 400);
    const [first] = (await shown(id))?.captures ?? [];
    const again = {
      amountMinor: 400,
      currencyCode: 'GBP',
      final: false,
      reference: reference(order, first?.instance ?? '', 'shipment'),
    };
    await money.provider.capture(id, again, newId());
    const before = await shown(id);
    await money.reconcile();
    await money.reconcile();
    expect(await shown(id)).toEqual(before);
    expect(await money.breaksOf(order)).toMatchObject([
      { kind: 'TAKEN_TWICE', state: 'OPEN', expected: 0, found: 400 },
    ]);
  });

  it('asks once more for a held call of which the provider shows that it was done', async () => {
    const { sql } = money.database;
    const { order, id } = await money.order(1_000);
    const { orderId } = order;
    await money.takeOver();
    await money.hear(shipmentConfirmed(order, 1_000));
    const [call] = await sql<{ instance: string }[]>`
      UPDATE payment_calls SET state = 'held' WHERE order_id = ${orderId} AND operation = 'capture' RETURNING instance`;
    const instance = call?.instance ?? '';
    const capture = {
      ...{ amountMinor: 1_000, currencyCode: 'GBP', final: true },
      reference: reference(order, instance, 'shipment'),
    };
    await money.provider.capture(id, capture, newId());
    const letter = {
      source: 'payments',
      partition: 0,
      position: 1,
      key: `capture ${orderId}/${instance}`,
      event: {},
      error: 'held',
    };
    const parked = [{ ...letter, fingerprint: 'held', attempts: 1, codeVersion: 'test', trace: null }];
    await sql`SELECT letters_park('payments', ${JSON.stringify(parked)}::text::jsonb)`;
    await money.reconcile();
    expect(await money.breaksOf(order)).toMatchObject([
      { kind: 'CAPTURE_NOT_IN_LEDGER', subject: instance, found: 1_000 },
    ]);
    expect(await sql`SELECT request FROM dead_letters WHERE key = ${letter.key}`).toMatchObject([
      { request: 'DRAIN' },
    ]);
    money.dispatch();
  });

  it('heals a difference that a later one does not find', async () => {
    const { order } = await money.order(1_000);
    const orderId = order.orderId;
    const { sql } = money.database;
    await sql`UPDATE payments SET authorised_minor = 900 WHERE order_id = ${orderId}`;
    await money.reconcile();
    expect(await money.breaksOf(order)).toMatchObject([
      { kind: 'AMOUNT_DIFFERS', state: 'OPEN', expected: 900, found: 1_000 },
    ]);
    await sql`UPDATE payments SET authorised_minor = 1000 WHERE order_id = ${orderId}`;
    await money.reconcile();
    expect(await money.breaksOf(order)).toMatchObject([{ kind: 'AMOUNT_DIFFERS', state: 'HEALED' }]);
  });

  it('reads what an order should have that no report shows', async () => {
    const { order } = await money.order(1_000);
    await money.database.sql`
      UPDATE payments SET provider_authorisation_id = 'auth_lost' WHERE order_id = ${order.orderId}`;
    await money.reconcile();
    const kinds = (await money.breaksOf(order)).map(({ kind, subject }) => `${kind} ${subject}`);
    expect(kinds).toContain('AUTHORISATION_LOST auth_lost');
    await money.database.sql`DELETE FROM payment_breaks`;
  });
});

describe('a run', () => {
  it('goes on under another lease behind the last page that was committed', async () => {
    const { sql } = money.database;
    await createReconcilePayments({ sql })(newId());
    expect(await reconcileOnce(money.options, money.epoch())).toBe(true);
    const behind = await loadRun(sql);
    expect(behind).toMatchObject({ stage: 'PROVIDER', provider: 'fake', cursor: String(PAGE) });
    const old = money.epoch();
    await money.takeOver();
    await expect(reconcileOnce(money.options, old)).rejects.toMatchObject({ code: 'CD001' });
    expect(await loadRun(sql)).toEqual(behind);
    await money.reconcile();
    const report = await money.provider.report(null);
    expect(report.kind).toBe('done');
    const [all] = await sql<{ payments: number }[]>`SELECT count(*)::int AS payments FROM payments`;
    expect(await lastRun()).toMatchObject({
      id: behind?.id,
      isOver: true,
      error: null,
      payments: all?.payments,
    });
    money.dispatch();
  });

  it('is asked for once for each key, and is joined while it goes on', async () => {
    const { sql } = money.database;
    const ask = createReconcilePayments({ sql });
    const key = newId();
    const [first, twin] = await Promise.all([ask(key), ask(key)]);
    expect(new Set([first.verdict, twin.verdict])).toEqual(new Set(['NEW', 'REPLAYED']));
    expect(await ask(newId())).toEqual({ verdict: 'NEW', runId: first.runId });
    await money.reconcile();
    expect(await ask(key)).toEqual({ verdict: 'REPLAYED', runId: first.runId });
  });

  it('waits while the provider does not report, ends in time, and heals nothing then', async () => {
    const { order } = await money.order(1_000);
    const { sql } = money.database;
    await sql`UPDATE payments SET authorised_minor = 900 WHERE order_id = ${order.orderId}`;
    await money.reconcile();
    await sql`UPDATE payments SET authorised_minor = 1000 WHERE order_id = ${order.orderId}`;
    reportFails = true;
    await createReconcilePayments({ sql })(newId());
    expect(await reconcileOnce(money.options, money.epoch())).toBe(true);
    expect(await lastRun()).toMatchObject({ isOver: false, error: 'fake: HTTP 503' });
    expect(await reconcileOnce(money.options, money.epoch())).toBe(false);
    await sql`UPDATE payment_reconciliations SET tries = 29, next_try_at = clock_timestamp() WHERE finished_at IS NULL`;
    await reconcileOnce(money.options, money.epoch());
    expect(await lastRun()).toMatchObject({ isOver: true, error: 'fake: HTTP 503' });
    expect(await money.breaksOf(order)).toMatchObject([{ state: 'OPEN' }]);
    reportFails = false;
    await money.reconcile();
    expect(await money.breaksOf(order)).toMatchObject([{ state: 'HEALED' }]);
  });
});

describe('closing a difference', () => {
  it('is done once, in somebody’s name, and stands while amounts and currencies are the same', async () => {
    const { sql } = money.database;
    const { order } = await money.order(1_000);
    await sql`UPDATE payments SET authorised_minor = 900 WHERE order_id = ${order.orderId}`;
    await money.reconcile();
    const [row] = await sql<
      { id: string }[]
    >`SELECT id FROM payment_breaks WHERE order_id = ${order.orderId}`;
    const close = createClosePaymentBreak({ sql });
    const command = {
      idempotencyKey: newId(),
      breakId: row?.id ?? '',
      note: 'Paid by bank transfer.',
      actor: 'ada',
    };
    const ask = async (more: object) => {
      const { verdict, refusal } = await close({ ...command, ...more });
      return refusal?.code ?? verdict;
    };
    expect(await ask({})).toBe('NEW');
    expect(await ask({})).toBe('REPLAYED');
    expect(await ask({ note: 'Other' })).toBe('KEY_REUSED');
    expect(await ask({ idempotencyKey: newId() })).toBe('CONFLICT');
    expect(await ask({ idempotencyKey: newId(), breakId: newId() })).toBe('UNKNOWN_BREAK');
    await money.reconcile();
    expect(await money.breaksOf(order)).toMatchObject([{ kind: 'AMOUNT_DIFFERS', state: 'CLOSED' }]);
    await sql`UPDATE payment_breaks SET found_currency = 'EUR' WHERE order_id = ${order.orderId}`;
    await money.reconcile();
    expect(await money.breaksOf(order)).toMatchObject([{ state: 'CLOSED' }, { state: 'OPEN' }]);
  });
});
