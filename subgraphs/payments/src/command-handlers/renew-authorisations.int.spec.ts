// Authorisations that die before what they are for has left: renewed in time they are taken from as if nothing had been, and what died
// first is asked for again before a person is.
import { newId } from '@crossdock/event-store';
import { createLogger } from '@crossdock/telemetry';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import { dyingAt } from '../../test/dying-provider.ts';
import { createFakeProvider } from '../../test/fake-provider.ts';
import {
  newOrder,
  orderPlaced,
  shipmentConfirmed,
  stockReserved,
  type TestOrder,
} from '../../test/hearing.ts';
import type { PaymentProvider } from '../ports.ts';
import { loadAttemptViews } from '../read-models/order-payments.ts';
import { type Dying, type DyingPlace, loadDying } from '../store/dying-authorisations.ts';
import { countOpenCalls } from '../store/payment-gauges.ts';
import { renewDying } from './renew-authorisations.ts';

const PATIENCE = { timeout: 25_000, interval: 40 };
const DAY_MS = 86_400_000;
const logger = createLogger('payments-test', 'silent');

let cards: Cards;

beforeAll(async () => {
  cards = await openCards();
});

afterEach(() => cards.stopAll());
afterAll(() => cards.close());

type Mortal = Readonly<{
  provider: PaymentProvider;
  /** What it was asked that moves money, such as `capture auth_1 4000`. */
  asked: string[];
  die: (id: string) => void;
  declineRenewals: (decline: boolean) => void;
}>;

/** A provider whose authorisations die: in an hour by its own word, and at once when told so. */
function mortal(capturesMany = true): Mortal {
  const fake = createFakeProvider();
  const asked: string[] = [];
  const dead = new Set<string>();
  let declines = false;
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const provider: PaymentProvider = {
    ...fake,
    capturesMany,
    renew: (request, key) => {
      asked.push(`renew ${request.renews} ${request.amountMinor}`);
      return declines
        ? Promise.resolve({ kind: 'refused', reason: 'card_expired' })
        : fake.renew(request, key);
    },
    confirm: async (id, key) => {
      const answer = await fake.confirm(id, key);
      return answer.kind === 'done' ? { ...answer, value: { ...answer.value, expiresAt } } : answer;
    },
    read: async (id) => {
      const answer = await fake.read(id);
      return answer.kind === 'done' && dead.has(id)
        ? { ...answer, value: { ...answer.value, status: 'EXPIRED' } }
        : answer;
    },
    capture: async (id, request, key) => {
      if (dead.has(id)) return { kind: 'refused', reason: 'authorization_expired' };
      asked.push(`capture ${id} ${request.amountMinor}`);
      return fake.capture(id, request, key);
    },
    release: (id, key) => {
      asked.push(`release ${id}`);
      return fake.release(id, key);
    },
  };
  const declineRenewals = (decline: boolean) => {
    declines = decline;
  };
  return { provider, asked, die: (id) => void dead.add(id), declineRenewals };
}

async function youngOrder({ provider }: Mortal): Promise<TestOrder> {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
  cards.dispatch(provider);
  await cards.reaches(order, { status: 'AUTHORISED' });
  return order;
}

/** What stands of it stands for so long already. */
async function grows({ orderId }: TestOrder, older: string): Promise<void> {
  await cards.database.sql`
    UPDATE payment_attempts SET at = at - ${older}::text::interval WHERE order_id = ${orderId}`;
}

/** Its authorisation has lived more than half its life. */
async function authorisedOrder(life: Mortal): Promise<TestOrder> {
  const order = await youngOrder(life);
  await grows(order, '2 hours');
  return order;
}

async function renewWithin(renewBeforeMs: number): Promise<void> {
  const { sql } = cards.database;
  const [lease] = await sql`SELECT epoch::int AS epoch FROM leases WHERE name = 'worker'`;
  const nothing = () => undefined;
  await renewDying(
    { sql, logger, renewBeforeMs, poke: nothing, onCallsQueued: nothing, leaseEpoch: () => lease?.epoch },
    lease?.epoch,
  );
}

const expiryOf = async ({ orderId }: TestOrder) =>
  (
    await cards.database.sql`SELECT authorisation_expires_at AS at FROM payments WHERE order_id = ${orderId}`
  )[0]?.at;
const openCallsOf = async ({ orderId }: TestOrder) =>
  (
    await cards.database.sql`
    SELECT count(*)::int AS count FROM payment_calls WHERE order_id = ${orderId} AND state IN ('due', 'unknown')`
  )[0]?.count;
const isQuiet = (order: TestOrder) => expect.poll(() => openCallsOf(order), PATIENCE).toBe(0);

describe('an authorisation that dies soon', () => {
  it('is renewed once for what is left of it, and the old one is released without a word', async () => {
    const life = mortal();
    const order = await authorisedOrder(life);
    await cards.hear(shipmentConfirmed(order, 4_000));
    await cards.reaches(order, { captured: 4_000 });
    await renewWithin(60_000);
    expect(await openCallsOf(order)).toBe(0);
    expect(await expiryOf(order)).not.toBeNull();
    await renewWithin(DAY_MS);
    await renewWithin(DAY_MS);
    await expect.poll(() => life.asked, PATIENCE).toContain('release auth_1');
    await isQuiet(order);
    await cards.reaches(order, { status: 'PARTIALLY_CAPTURED', authorised: 10_000 });
    await cards.hear(shipmentConfirmed(order, 6_000));
    await cards.reaches(order, { status: 'CAPTURED', captured: 10_000, authorised: 10_000 });
    expect(life.asked).toEqual([
      ...['capture auth_1 4000', 'renew auth_1 6000', 'release auth_1', 'capture auth_2 6000'],
    ]);
    expect(await cards.saidOf(order)).toEqual(['PaymentAuthorised', 'PaymentCaptured', 'PaymentCaptured']);
    const [attempts] = await loadAttemptViews(cards.database.read, [order.orderId]);
    expect(attempts?.map(({ operation, wave }) => `${operation} ${wave}`)).toEqual([
      ...['authorise 1', 'capture 1', 'authorise 1', 'void 1', 'capture 1'],
    ]);
  });

  it('is renewed once in half its life at most, however short that is', async () => {
    const life = mortal();
    const order = await youngOrder(life);
    await renewWithin(DAY_MS);
    await grows(order, '55 minutes');
    await renewWithin(DAY_MS);
    expect(await openCallsOf(order)).toBe(0);
    await grows(order, '10 minutes');
    await renewWithin(DAY_MS);
    await isQuiet(order);
    for (const _minute of [1, 2, 3]) await renewWithin(DAY_MS);
    await isQuiet(order);
    expect(life.asked).toEqual(['renew auth_1 10000', 'release auth_1']);
    await grows(order, '65 minutes');
    await renewWithin(DAY_MS);
    await isQuiet(order);
    expect(life.asked.slice(2)).toEqual(['renew auth_2 10000', 'release auth_2']);
  });

  it('is found page by page, the first to die first, each once', async () => {
    const { sql } = cards.database;
    const first = await youngOrder(mortal());
    await cards.stopAll();
    const orders = [first, await youngOrder(mortal())];
    const found: string[] = [];
    let after: DyingPlace | null = null;
    for (let page = 0; page < 50; page += 1) {
      const dying: Dying = await loadDying(sql, DAY_MS, 1, after);
      if (dying.last === null) break;
      found.push(...dying.orderIds);
      after = dying.last;
    }
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((id) => orders.some(({ orderId }) => orderId === id))).toEqual(
      orders.map(({ orderId }) => orderId),
    );
  });

  it('is renewed though the write of another is refused, and however often that is', async () => {
    const { sql } = cards.database;
    const life = mortal();
    const refused = await authorisedOrder(life);
    await cards.stopAll();
    const other = await authorisedOrder(life);
    await cards.stopAll();
    await sql.unsafe(`
      CREATE FUNCTION refuse_calls() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23514'; END $$;
      CREATE TRIGGER refuse_calls BEFORE INSERT ON payment_calls FOR EACH ROW
      WHEN (NEW.order_id = '${refused.orderId}') EXECUTE FUNCTION refuse_calls()`);
    await renewWithin(DAY_MS);
    expect([await openCallsOf(refused), await openCallsOf(other)]).toEqual([0, 1]);
    expect([await expiryOf(refused), await expiryOf(other)]).toEqual([expect.any(Date), null]);
    await sql`DROP TRIGGER refuse_calls ON payment_calls`;
    await renewWithin(DAY_MS);
    expect(await openCallsOf(refused)).toBe(1);
    cards.dispatch(life.provider);
    for (const order of [refused, other]) {
      await isQuiet(order);
      await cards.hear(shipmentConfirmed(order, 10_000));
      await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
    }
  });

  it('stands until it dies where its renewal is refused, and a person is told', async () => {
    const life = mortal();
    const order = await authorisedOrder(life);
    life.declineRenewals(true);
    await renewWithin(DAY_MS);
    const last = async () => (await cards.saidOf(order)).at(-1);
    await expect.poll(last, PATIENCE).toBe('PaymentHeld');
    await renewWithin(DAY_MS);
    expect([await expiryOf(order), await openCallsOf(order)]).toEqual([null, 0]);
    const [letter] = await cards.database.sql`
      SELECT key, error FROM dead_letters WHERE key LIKE ${`%${order.orderId}%`}`;
    expect(letter).toEqual({ key: `authorise ${order.orderId}/1000001`, error: 'card_expired' });
    // It waits since it was said to, however long ago the call was wanted.
    await cards.database.sql`UPDATE payment_calls SET since = since - interval '1 day'`;
    const [held, ...others] = await countOpenCalls(cards.database.sql);
    expect(held).toMatchObject({ state: 'held', operation: 'authorise', calls: 1 });
    expect([others, Number(held?.oldestMs) < DAY_MS]).toEqual([[], true]);
    await cards.hear(shipmentConfirmed(order, 10_000));
    await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
    expect(life.asked).toEqual(['renew auth_1 10000', 'capture auth_1 10000']);
    await expect.poll(last, PATIENCE).toBe('PaymentResumed');
    expect(await countOpenCalls(cards.database.sql)).toEqual([]);
  });
});

describe('an authorisation that is dead when it is needed', () => {
  it('is asked for again, and the shipment is taken from the new one', async () => {
    const life = mortal();
    const order = await authorisedOrder(life);
    life.die('auth_1');
    await cards.hear(shipmentConfirmed(order, 4_000));
    await cards.reaches(order, { status: 'PARTIALLY_CAPTURED', captured: 4_000, authorised: 10_000 });
    await cards.hear(shipmentConfirmed(order, 6_000));
    await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
    await isQuiet(order);
    expect(life.asked).toEqual(['renew auth_1 10000', 'capture auth_2 4000', 'capture auth_2 6000']);
    expect(await cards.saidOf(order)).toEqual(['PaymentAuthorised', 'PaymentCaptured', 'PaymentCaptured']);
  });

  it('is renewed for the rest where the first capture is the last', async () => {
    const life = mortal(false);
    const order = await authorisedOrder(life);
    await cards.hear(shipmentConfirmed(order, 4_000));
    await cards.reaches(order, { captured: 4_000 });
    await expect.poll(() => life.asked, PATIENCE).toContain('renew auth_1 6000');
    await isQuiet(order);
    await cards.hear(shipmentConfirmed(order, 6_000));
    await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
    expect(life.asked).toEqual(['capture auth_1 4000', 'renew auth_1 6000', 'capture auth_2 6000']);
  });
});

describe('a process that dies', () => {
  const EVERYWHERE = (['renew', 'confirm', 'release'] as const).flatMap((step) =>
    (['before', 'after'] as const).map((when) => [step, when] as const),
  );

  it.each(EVERYWHERE)('at %s of a renewal, %s the call, renews once', async (step, when) => {
    const life = mortal();
    const order = await authorisedOrder(life);
    await cards.stopAll();
    const { deadly, died, revive } = dyingAt(life.provider, step, when);
    cards.dispatch(deadly);
    await renewWithin(DAY_MS);
    await died;
    await cards.takeOver(life.provider);
    await isQuiet(order);
    await cards.hear(shipmentConfirmed(order, 10_000));
    await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
    revive();
    await cards.stopAll();
    // What was asked twice had the same key, and the provider did it once.
    const done = ['renew auth_1 10000', 'release auth_1', 'capture auth_2 10000'];
    expect([...new Set(life.asked)]).toEqual(done);
    expect(await cards.saidOf(order)).toEqual(['PaymentAuthorised', 'PaymentCaptured']);
    const read = await life.provider.read('auth_3');
    expect(read).toMatchObject({ kind: 'refused', reason: 'unknown_authorization' });
  });
});
