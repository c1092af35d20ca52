// Two providers: the second takes only payments for which no call ever left us, and what a process may no longer have it does not ask.
import { newId } from '@crossdock/event-store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import { createFakeProvider } from '../../test/fake-provider.ts';
import {
  newOrder,
  orderPlaced,
  shipmentConfirmed,
  stockReserved,
  type TestOrder,
} from '../../test/hearing.ts';
import type { PaymentProvider } from '../ports.ts';

const PATIENCE = { timeout: 25_000, interval: 40 };
const NOT_SENT = { kind: 'not-sent', reason: 'breaker open' } as const;

let cards: Cards;

beforeAll(async () => {
  cards = await openCards();
});

afterEach(() => cards.stopAll());
afterAll(() => cards.close());

async function cardOrder(token = 'tok_visa'): Promise<TestOrder> {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 10_000, `sealed:${token}`), stockReserved(order, 10_000));
  return order;
}

/** A provider of that name with a journal of what it was asked. */
function named(name: string, asked: string[], changes: Partial<PaymentProvider> = {}): PaymentProvider {
  const fake = createFakeProvider();
  const provider = { ...fake, ...changes, name };
  const note = (what: string) => void asked.push(`${name} ${what}`);
  return {
    ...provider,
    create: (...call) => {
      note('create');
      return provider.create(...call);
    },
    confirm: (...call) => {
      note('confirm');
      return provider.confirm(...call);
    },
    capture: (...call) => {
      note('capture');
      return provider.capture(...call);
    },
  };
}

const providersOf = async ({ orderId }: TestOrder) =>
  (
    await cards.database.sql`
    SELECT operation, provider, outcome FROM payment_attempts WHERE order_id = ${orderId} ORDER BY at, attempt`
  ).map(({ operation, provider, outcome }) => `${operation} ${provider} ${outcome}`);

describe('two providers', () => {
  it('share the orders by who is available, and what follows stays with whom it began', async () => {
    const asked: string[] = [];
    let isAvailable = false;
    const first = named('first', asked, { isAvailable: () => isAvailable });
    const second = named('second', asked);
    const order = await cardOrder();
    cards.dispatch([first, second]);
    await cards.reaches(order, { status: 'AUTHORISED' });
    isAvailable = true;
    await cards.hear(shipmentConfirmed(order, 10_000));
    await cards.reaches(order, { status: 'CAPTURED' });
    expect(asked).toEqual(['second create', 'second confirm', 'second capture']);
    const [row] = await cards.database.sql`SELECT provider FROM payments WHERE order_id = ${order.orderId}`;
    expect(row?.provider).toBe('second');
  });

  it('are chosen anew while nothing left us', async () => {
    const asked: string[] = [];
    let down = false;
    const first = named('first', asked, {
      isAvailable: () => !down,
      create: async () => {
        down = true;
        return NOT_SENT;
      },
    });
    const order = await cardOrder();
    cards.dispatch([first, named('second', asked)]);
    await cards.reaches(order, { status: 'AUTHORISED' });
    expect(asked).toEqual(['first create', 'second create', 'second confirm']);
    expect(await providersOf(order)).toEqual(['authorise first failed', 'authorise second succeeded']);
  });

  it.each(['unknown', 'turned-away'] as const)('are not where a call may have left: %s', async (kind) => {
    const asked: string[] = [];
    let down = false;
    const fake = createFakeProvider();
    const first = named('first', asked, {
      ...fake,
      isAvailable: () => !down,
      create: async (request, key) => {
        if (down) return fake.create(request, key);
        down = true;
        return { kind, reason: 'timeout' };
      },
    });
    const order = await cardOrder();
    cards.dispatch([first, named('second', asked)]);
    await cards.reaches(order, { status: 'AUTHORISED' });
    expect(asked).toEqual(['first create', 'first create', 'first confirm']);
  });

  it('are bound by the card they know, before anything leaves', async () => {
    const asked: string[] = [];
    const first = named('first', asked, { accepts: () => false });
    const order = await cardOrder();
    cards.dispatch([first, named('second', asked)]);
    await cards.reaches(order, { status: 'AUTHORISED' });
    expect(asked).toEqual(['second create', 'second confirm']);
    expect(await providersOf(order)).toEqual(['authorise second succeeded']);
  });

  it('decline a card that neither knows', async () => {
    const asked: string[] = [];
    const order = await cardOrder();
    const nobody = { accepts: () => false };
    cards.dispatch([named('first', asked, nobody), named('second', asked, nobody)]);
    await cards.reaches(order, { status: 'DECLINED' });
    expect(asked).toEqual([]);
  });

  it('leave to a person what a provider has that is configured no more', async () => {
    const asked: string[] = [];
    const order = await cardOrder();
    cards.dispatch(named('gone', asked));
    await cards.reaches(order, { status: 'AUTHORISED' });
    await cards.stopAll();
    cards.dispatch(named('new', asked));
    await cards.hear(shipmentConfirmed(order, 10_000));
    const held = async () => (await cards.saidOf(order)).at(-1);
    await expect.poll(held, PATIENCE).toBe('PaymentHeld');
    expect(asked).toEqual(['gone create', 'gone confirm']);
  });
});

describe('a claim that may have ended', () => {
  it('asks for nothing that moves money', async () => {
    const asked: string[] = [];
    const order = await cardOrder();
    let isLost = false;
    const first = named('first', asked);
    const epoch = { of: 0 };
    const dispatcher = cards.dispatch(
      {
        ...first,
        create: async (request, key) => {
          const answer = await first.create(request, key);
          isLost = true;
          return answer;
        },
      },
      {
        leaseEpoch: () => (isLost ? null : epoch.of),
      },
    );
    const [lease] = await cards.database.sql`SELECT epoch::int AS epoch FROM leases WHERE name = 'worker'`;
    epoch.of = lease?.epoch;
    dispatcher.wake();
    const settled = async () => (await providersOf(order)).at(-1);
    await expect.poll(settled, PATIENCE).toBe('authorise first failed');
    expect(asked).toEqual(['first create']);
    isLost = false;
    await cards.reaches(order, { status: 'AUTHORISED' });
    expect(asked).toEqual(['first create', 'first confirm']);
  });
});
