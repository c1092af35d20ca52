// Authorisations whose confirmation was lost: whatever it still does, no money stays held for what is not needed, and nothing that may
// be held is called declined.
import { newId } from '@crossdock/event-store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import {
  newOrder,
  orderPlaced,
  orderRejected,
  shipmentConfirmed,
  stockReserved,
  type TestOrder,
} from '../../test/hearing.ts';
import type { PaymentProvider, ProviderAnswer, ProviderAuthorisation } from '../ports.ts';

const PATIENCE = { timeout: 25_000, interval: 40 };

let cards: Cards;

beforeAll(async () => {
  cards = await openCards();
});

afterEach(() => cards.stopAll());
afterAll(() => cards.close());

async function cardOrder(): Promise<TestOrder> {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
  return order;
}

const callOf = async ({ orderId }: TestOrder) =>
  (await cards.database.sql`SELECT operation, state FROM payment_calls WHERE order_id = ${orderId}`).map(
    ({ operation, state }) => `${operation} ${state}`,
  );

/** A confirmation that is on its way for long: nobody hears of it, and it arrives when it is let go. */
function lateConfirmation({ provider }: Cards) {
  const asked: Parameters<PaymentProvider['confirm']>[] = [];
  const through: PaymentProvider = {
    ...provider,
    confirm: async (...of) => {
      asked.push(of);
      return { kind: 'unknown', reason: 'timeout' };
    },
  };
  return { asked, through, arrive: () => Promise.all(asked.map((of) => provider.confirm(...of))) };
}

describe('a confirmation that arrives late', () => {
  it('holds nothing for an order that closed meanwhile', async () => {
    const order = await cardOrder();
    const { asked, through, arrive } = lateConfirmation(cards);
    cards.dispatch({
      ...through,
      confirm: async (...of) => {
        await cards.hear(orderRejected(order));
        return through.confirm(...of);
      },
    });
    await cards.reaches(order, { status: 'VOIDED' });
    expect(asked).toHaveLength(1);
    await arrive();
    expect(await cards.journalOf(order)).toEqual(['created 1 10000', 'voided 1 0']);
    expect(await cards.saidOf(order)).toEqual([]);
    expect(await callOf(order)).toEqual(['authorise done']);
  });

  it.each([
    ['is not answered', 'unknown', 2],
    ['is not taken', 'turned-away', 2],
    ['is refused', 'refused', 1],
  ] as const)(
    'is looked for again where its cancellation %s, unless that will never be',
    async (_, kind, asks) => {
      const order = await cardOrder();
      const { through } = lateConfirmation(cards);
      let asked = 0;
      cards.dispatch({
        ...through,
        confirm: async (...of) => {
          await cards.hear(orderRejected(order));
          return through.confirm(...of);
        },
        release: async (id, key) => {
          asked += 1;
          return asked === 1 ? { kind, reason: 'no' } : cards.provider.release(id, key);
        },
      });
      await cards.reaches(order, { status: 'VOIDED' });
      expect(asked).toBe(asks);
    },
  );
});

describe('an authorisation that cannot be read', () => {
  it('is left to a person, and is no decline', async () => {
    const order = await cardOrder();
    let lost = false;
    cards.dispatch({
      ...cards.provider,
      confirm: async (id, key) => {
        await cards.provider.confirm(id, key);
        lost = true;
        return { kind: 'unknown', reason: 'timeout' };
      },
      read: async (id) => (lost ? { kind: 'refused', reason: 'not_found' } : cards.provider.read(id)),
    });
    await expect.poll(() => callOf(order), PATIENCE).toEqual(['authorise held']);
    expect(await cards.saidOf(order)).toEqual(['PaymentHeld']);
    expect(await cards.rowOf(order)).toMatchObject({ status: 'UNKNOWN', sealed: 'sealed:tok_visa' });
  });
});

/** A card that is good for something else than it was asked for, in every answer. */
function approvingOther(other: Partial<ProviderAuthorisation>): PaymentProvider {
  const { provider } = cards;
  const altered = (answer: ProviderAnswer<ProviderAuthorisation>) =>
    answer.kind === 'done' ? { ...answer, value: { ...answer.value, ...other } } : answer;
  return {
    ...provider,
    confirm: async (...of) => altered(await provider.confirm(...of)),
    read: async (id) => altered(await provider.read(id)),
  };
}

describe('an authorisation of another amount or currency than was asked for', () => {
  it.each([
    ['less', { amountMinor: 9_000 }],
    ['more', { amountMinor: 10_001 }],
    ['another currency', { currencyCode: 'EUR' }],
  ])('ships nothing, waits for a person, and declines once it was voided: %s', async (_what, other) => {
    const order = await cardOrder();
    cards.dispatch(approvingOther(other));
    await expect.poll(() => callOf(order), PATIENCE).toEqual(['authorise held']);
    expect(await cards.saidOf(order)).toEqual(['PaymentHeld']);
    const [stored] = await cards.database.sql`
      SELECT provider_authorisation_id AS id FROM payments WHERE order_id = ${order.orderId}`;
    await cards.provider.release(stored?.id, newId());
    await cards.database.sql`
      UPDATE payment_calls SET state = 'due', next_try_at = clock_timestamp() WHERE order_id = ${order.orderId}`;
    await cards.reaches(order, { status: 'DECLINED' });
    expect(await cards.saidOf(order)).toEqual(['PaymentHeld', 'PaymentDeclined', 'PaymentResumed']);
  });

  it('is given back where the order needs it no more', async () => {
    const order = await cardOrder();
    cards.dispatch(approvingOther({ amountMinor: 9_000 }));
    await expect.poll(() => callOf(order), PATIENCE).toEqual(['authorise held']);
    await cards.hear(orderRejected(order));
    await cards.reaches(order, { status: 'VOIDED' });
    expect(await cards.journalOf(order)).toContain('voided 1 10000');
  });
});

/** One that shows as expired from its first read on, with `other` besides; whatever is asked for after it stands. */
function expiring(
  confirm: PaymentProvider['confirm'],
  other: Partial<ProviderAuthorisation> = {},
): PaymentProvider {
  let dead: string | null = null;
  return {
    ...cards.provider,
    confirm: async (id, key) => {
      if (dead !== null) return cards.provider.confirm(id, key);
      dead = id;
      return confirm(id, key);
    },
    read: async (id) => {
      const answer = await cards.provider.read(id);
      return answer.kind === 'done' && id === dead
        ? { ...answer, value: { ...answer.value, ...other, status: 'EXPIRED' } }
        : answer;
    },
  };
}

const confirmedUnheard: PaymentProvider['confirm'] = async (id, key) => {
  await cards.provider.confirm(id, key);
  return { kind: 'unknown', reason: 'timeout' };
};

describe('an authorisation that died before its answer was heard of', () => {
  it('lets the order go on, and is asked for again on the same card', async () => {
    const order = await cardOrder();
    cards.dispatch(expiring(confirmedUnheard));
    await expect.poll(() => callOf(order), PATIENCE).toEqual(['authorise done', 'authorise done']);
    expect(await cards.saidOf(order)).toEqual(['PaymentAuthorised']);
    await cards.hear(shipmentConfirmed(order, 10_000));
    await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
    expect(await cards.journalOf(order)).toEqual([
      ...['created 1 10000', 'authorised 1 10000'],
      ...['created 1000001 10000', 'authorised 1000001 10000', 'captured 1000001 10000'],
    ]);
  });

  it.each<[string, PaymentProvider['confirm'], Partial<ProviderAuthorisation>]>([
    ['no card ever said yes to it', async () => ({ kind: 'not-sent', reason: 'ECONNREFUSED' }), {}],
    ['it was good for a part', confirmedUnheard, { amountMinor: 1_000 }],
    ['it was in another currency', confirmedUnheard, { currencyCode: 'EUR' }],
  ])('is declined where %s', async (_what, confirm, other) => {
    const order = await cardOrder();
    cards.dispatch(expiring(confirm, other));
    await cards.reaches(order, { status: 'DECLINED' });
    expect(await cards.saidOf(order)).toEqual(['PaymentDeclined']);
    expect(await callOf(order)).toEqual(['authorise done']);
  });

  it('is asked for again a few times only where each of them dies, and then waits for a person', async () => {
    const order = await cardOrder();
    let asked = 0;
    const expired = (answer: ProviderAnswer<ProviderAuthorisation>): typeof answer =>
      answer.kind === 'done' ? { ...answer, value: { ...answer.value, status: 'EXPIRED' } } : answer;
    cards.dispatch({
      ...cards.provider,
      confirm: async (...of) => {
        asked += 1;
        return expired(await cards.provider.confirm(...of));
      },
    });
    await expect.poll(() => cards.saidOf(order), PATIENCE).toEqual(['PaymentAuthorised', 'PaymentHeld']);
    // The first, its renewal, and three more.
    expect(asked).toBe(5);
    expect(await cards.rowOf(order)).toMatchObject({ status: 'AUTHORISED', captured: 0 });
  });
});
