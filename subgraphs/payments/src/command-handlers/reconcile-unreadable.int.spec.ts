// An authorisation that its provider cannot tell of is left to a person, and keeps no other order from being compared.
import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TestOrder } from '../../test/hearing.ts';
import { openReconciling, type Reconciling } from '../../test/reconciling.ts';
import { createProviders } from '../adapters/providers.ts';
import type { PaymentProvider, ProviderAnswer } from '../ports.ts';
import { beginRunWhenDue } from '../store/reconciliations.ts';
import type { CompareOptions } from './look-closely.ts';
import { reconcileOnce } from './reconcile.ts';

const STEPS_MAX = 20;
const FAILURES_TO_OPEN = 5;
const TRIES_OF_A_READ = 3;
/** More than there are rounds while nothing shows that the provider answers. */
const BROKEN_READS = 10;
/** More than there are rounds at all. */
const BEYOND_ROUNDS = 44;
const DISAGREE = { kind: 'unknown', reason: 'captures_disagree' } as const;
const BROKEN = { kind: 'unknown', reason: 'HTTP 500' } as const;

let money: Reconciling;
let answers = new Map<string, ProviderAnswer<never>>();
let isDown = false;
/** Faults in a row, as a breaker in front of reads counts them. */
let faults = 0;

/** Some reads have no answer; what is broken opens a breaker in front of all the others, until a round is over. */
const change = (fake: PaymentProvider): PaymentProvider => ({
  ...fake,
  read: async (id) => {
    if (isDown) return { kind: 'not-sent', reason: 'breaker open' };
    if (faults >= FAILURES_TO_OPEN) return { kind: 'not-sent', reason: 'breaker open' };
    const answer = answers.get(id);
    faults = answer === BROKEN ? faults + TRIES_OF_A_READ : 0;
    return answer ?? fake.read(id);
  },
  report: async (after) => {
    const all = await fake.report(after);
    if (all.kind !== 'done') return all;
    const nameless = [{ id: 'c', instance: '', amountMinor: 800, refunds: [] }];
    const authorisations = all.value.authorisations.map((each) =>
      answers.has(each.id) ? { ...each, captures: nameless } : each,
    );
    return { kind: 'done', value: { authorisations, next: null } };
  },
});

beforeAll(async () => {
  money = await openReconciling(change);
  money.dispatch();
});
afterAll(() => money.close());
beforeEach(() => {
  answers = new Map();
  isDown = false;
  faults = 0;
});

async function takenTwice(order: TestOrder, id: string, provider = money.provider): Promise<void> {
  const read = await provider.read(id);
  const instance = (read.kind === 'done' ? read.value.captures[0]?.instance : '') ?? '';
  const reference = { orderId: order.orderId, purpose: 'shipment', epoch: 1, instance };
  await provider.capture(id, { amountMinor: 300, currencyCode: 'GBP', final: false, reference }, newId());
}

type Over = Readonly<{ isOver: boolean; error: string | null }>;

/** One run, page after page without its pauses, to its end or a while; a breaker lets one through after each round. */
async function run(options: Partial<CompareOptions> = {}): Promise<Over | undefined> {
  const { sql } = money.database;
  await beginRunWhenDue(sql, money.epoch(), newId(), 0);
  const rounds = setInterval(() => {
    faults = Math.min(faults, FAILURES_TO_OPEN - 1);
  }, 40);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await sql`UPDATE payment_reconciliations SET next_try_at = clock_timestamp() WHERE finished_at IS NULL`;
    if (!(await reconcileOnce({ ...money.options, lookAgainMs: 60, ...options }, money.epoch()))) break;
  }
  clearInterval(rounds);
  const [row] = await sql<Over[]>`
    SELECT finished_at IS NOT NULL AS "isOver", error FROM payment_reconciliations ORDER BY started_at DESC LIMIT 1`;
  return row;
}

it('compares the others, and comes to its end', async () => {
  const unclear = await money.order(1_000, 400);
  const other = await money.order(1_000, 400);
  await takenTwice(other.order, other.id);
  answers.set(unclear.id, DISAGREE);
  expect(await run()).toEqual({ isOver: true, error: null });
  expect(await money.breaksOf(other.order)).toMatchObject([
    { kind: 'TAKEN_TWICE', state: 'OPEN', found: 300 },
  ]);
  const unreadable = { kind: 'AUTHORISATION_UNREADABLE', subject: unclear.id, expected: 400, found: 800 };
  expect(await money.breaksOf(unclear.order)).toEqual([{ ...unreadable, state: 'OPEN' }]);
  answers.clear();
  expect(await run()).toEqual({ isOver: true, error: null });
  expect(await money.breaksOf(unclear.order)).toEqual([{ ...unreadable, state: 'HEALED' }]);
});

it('compares the others though what it cannot read opens the breaker in front of them', async () => {
  const broken: { order: TestOrder; id: string }[] = [];
  for (let each = 0; each < BROKEN_READS; each += 1) broken.push(await money.order(1_000, 400));
  const other = await money.order(1_000, 400);
  await takenTwice(other.order, other.id);
  for (const { id } of broken) answers.set(id, BROKEN);
  expect(await run()).toEqual({ isOver: true, error: null });
  expect(await money.breaksOf(other.order)).toMatchObject([{ kind: 'TAKEN_TWICE', state: 'OPEN' }]);
  for (const { order, id } of broken)
    expect(await money.breaksOf(order)).toMatchObject([{ kind: 'AUTHORISATION_UNREADABLE', subject: id }]);
});

/** An order that its provider tells of, and more behind it that it does not tell of than one page has rounds for. */
async function tooManyBroken(): Promise<{ other: TestOrder; broken: { order: TestOrder; id: string }[] }> {
  const other = await money.order(1_000, 400);
  await takenTwice(other.order, other.id);
  const broken: { order: TestOrder; id: string }[] = [];
  for (let each = 0; each < BEYOND_ROUNDS; each += 1) broken.push(await money.order(1_000, 400));
  for (const { id } of broken) answers.set(id, BROKEN);
  return { other: other.order, broken };
}

it('ends the page of a provider that answers for others, however many it does not tell of', async () => {
  const { other, broken } = await tooManyBroken();
  expect(await run()).toEqual({ isOver: true, error: null });
  expect(await money.breaksOf(other)).toMatchObject([{ kind: 'TAKEN_TWICE', state: 'OPEN' }]);
  const breaks = (await Promise.all(broken.map(({ order }) => money.breaksOf(order)))).flat();
  expect(new Set(breaks.map(({ kind }) => kind))).toEqual(new Set(['AUTHORISATION_UNREADABLE']));
  // What nobody asked for is blamed for nothing.
  expect(breaks.length).toBeGreaterThan(30);
}, 60_000);

it('takes a provider that stops to answer in the middle of a page for what it is', async () => {
  const { broken } = await tooManyBroken();
  let reads = 0;
  const failing: PaymentProvider = {
    ...money.provider,
    read: async (id) => {
      reads += 1;
      return reads > BEYOND_ROUNDS ? { kind: 'not-sent', reason: 'breaker open' } : money.provider.read(id);
    },
  };
  expect(await run({ providers: createProviders([failing]), lookAgainMs: 1 })).toEqual({
    ...{ isOver: false, error: 'fake: breaker open' },
  });
  for (const { order } of broken) expect(await money.breaksOf(order)).toEqual([]);
  answers.clear();
  expect(await run()).toEqual({ isOver: true, error: null });
}, 60_000);

it('takes what is answered a moment later for no difference', async () => {
  const { order, id } = await money.order(1_000, 400);
  const reads: string[] = [];
  const shaky: PaymentProvider = {
    ...money.provider,
    read: async (of) => {
      reads.push(of);
      if (reads.filter((each) => each === id).length === 1) return BROKEN;
      answers.delete(id);
      return money.provider.read(of);
    },
  };
  answers.set(id, BROKEN);
  expect(await run({ providers: createProviders([shaky]) })).toEqual({ isOver: true, error: null });
  expect(reads.filter((each) => each === id)).toEqual([id, id]);
  expect(await money.breaksOf(order)).toEqual([]);
});

it('waits for a provider that takes no reads at all, and blames no authorisation', async () => {
  const { order, id } = await money.order(1_000, 400);
  await takenTwice(order, id);
  isDown = true;
  expect(await run({ lookAgainMs: 1 })).toEqual({ isOver: false, error: 'fake: breaker open' });
  expect(await money.breaksOf(order)).toEqual([]);
  isDown = false;
  expect(await run()).toEqual({ isOver: true, error: null });
  expect(await money.breaksOf(order)).toMatchObject([{ kind: 'TAKEN_TWICE' }]);
});

it('reads a report to its end while another provider is down', async () => {
  const { order, id } = await money.order(1_000, 400);
  const elsewhere = await money.order(1_000, 400);
  await takenTwice(order, id);
  const { sql } = money.database;
  await sql`UPDATE payments SET provider = 'second' WHERE order_id = ${elsewhere.order.orderId}`;
  const down = async () => ({ kind: 'not-sent', reason: 'ECONNREFUSED' }) as const;
  const second: PaymentProvider = { ...money.provider, name: 'second', read: down, report: down };
  const providers = createProviders([money.provider, second]);
  expect(await run({ providers })).toEqual({ isOver: false, error: 'second: ECONNREFUSED' });
  expect(await money.breaksOf(order)).toMatchObject([{ kind: 'TAKEN_TWICE', state: 'OPEN' }]);
  expect(await money.breaksOf(elsewhere.order)).toEqual([]);
});

it('leaves an order that cannot be compared for a fault of ours to a person, and no other', async () => {
  const { order } = await money.order(1_000, 400);
  const { order: other, id } = await money.order(1_000, 400);
  const { sql } = money.database;
  await takenTwice(other, id);
  await sql`UPDATE payments SET authorised_minor = 900 WHERE order_id = ${order.orderId}`;
  const broken: PaymentProvider = {
    ...money.provider,
    read: async (of) => {
      const answer = await money.provider.read(of);
      if (answer.kind === 'done' && answer.value.reference?.orderId === order.orderId)
        throw new RangeError('a fault of ours');
      return answer;
    },
  };
  expect(await run({ providers: createProviders([broken]) })).toEqual({ isOver: true, error: null });
  expect(await money.breaksOf(other)).toMatchObject([{ kind: 'TAKEN_TWICE', state: 'OPEN' }]);
  const unknown = { kind: 'ORDER_NOT_COMPARED', subject: order.orderId, expected: null, found: null };
  expect(await money.breaksOf(order)).toEqual([{ ...unknown, state: 'OPEN' }]);
  expect(await run()).toEqual({ isOver: true, error: null });
  expect(await money.breaksOf(order)).toContainEqual({ ...unknown, state: 'HEALED' });
});

it('leaves an order whose own record breaks the comparison to a person, before it is looked at closely too', async () => {
  const { order } = await money.order(1_000, 400);
  const { order: other, id } = await money.order(1_000, 400);
  const { sql } = money.database;
  await takenTwice(other, id);
  const [stored] = await sql`SELECT shipments FROM payments WHERE order_id = ${order.orderId}`;
  await sql`UPDATE payments SET shipments = '[null]' WHERE order_id = ${order.orderId}`;
  expect(await run()).toEqual({ isOver: true, error: null });
  expect(await money.breaksOf(other)).toMatchObject([{ kind: 'TAKEN_TWICE', state: 'OPEN' }]);
  expect(await money.breaksOf(order)).toMatchObject([{ kind: 'ORDER_NOT_COMPARED', state: 'OPEN' }]);
  await sql`UPDATE payments SET shipments = ${sql.json(stored?.shipments)} WHERE order_id = ${order.orderId}`;
  expect(await run()).toEqual({ isOver: true, error: null });
  expect(await money.breaksOf(order)).toMatchObject([{ kind: 'ORDER_NOT_COMPARED', state: 'HEALED' }]);
});
