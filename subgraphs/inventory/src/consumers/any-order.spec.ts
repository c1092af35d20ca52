// The rules of claims alone, told what the other side says in every order in which it could be heard, in batches cut anywhere.
import { derivedId } from '@crossdock/event-store';
import { type Fact, hearInAnyOrder, hearInTurn, type OwnEvent, randomOf, seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Network, network } from '../../test/network.ts';
import { expectBooksToAgree } from '../../test/network-books.ts';
import { type Life, otherSideOf, someLife } from '../../test/other-side.ts';
import type { DecidedEvent } from '../domain/batch.ts';
import { reservationFact } from '../publishers/reservation-facts.ts';
import { readSteps } from './steps.ts';

const RUNS = 150;
const ORDERS = 6;
const SKUS = ['A', 'B', 'C'];
/** Units of each SKU where nobody goes without. */
const AMPLE = 100;

const FIRST_WORDS = ['StockReserved', 'StockShort', 'StockBackordered'];

const fc = seeded(fastCheck);

function stepsOf(batch: readonly Fact[]) {
  const arrived = batch.map(({ source, partition, stream, id, type, data }) => {
    const place = { category: source, stream, version: 1, schemaVersion: 1, metadata: {}, at: '' };
    return { source, partition, position: 0, event: { ...place, id, type, data: { ...data } } };
  });
  return readSteps(arrived).steps;
}

function published({ stream, partnerId, cause, ...decided }: DecidedEvent): OwnEvent {
  if (decided.category === 'hold') throw new Error('nobody holds anything');
  const fact = reservationFact(decided.event, { orderId: stream, partnerId });
  if (fact === null) throw new Error(`${decided.event.type} is not published`);
  return { id: `${cause} ${decided.event.type}`, stream, type: fact.type, data: { ...fact.data } };
}

/** A network and all it said, in order. The books are added up after every batch. */
function listener(shelves: Parameters<typeof network>[0]) {
  const net = network(shelves);
  const said: OwnEvent[] = [];
  const hear = (batch: readonly Fact[]) => {
    const events = net.apply(stepsOf(batch)).events.map(published);
    expectBooksToAgree(net);
    said.push(...events);
    return events;
  };
  return { net, said, hear };
}

const someLives = (random: ReturnType<typeof randomOf>): Life[] =>
  Array.from({ length: ORDERS }, (_, index) =>
    someLife(derivedId('any order', 'order', index), SKUS, random),
  );

/** Final rows; two shipments of one order leave in any order. */
function rowsOf({ stored, totals, places }: Network) {
  const reservations = [...stored.values()]
    .map(({ orderId, facts, state }) => ({ orderId, facts, state }))
    .toSorted((left, right) => left.orderId.localeCompare(right.orderId));
  return { reservations, totals, places };
}

const typesOf = (said: readonly OwnEvent[], orderId: string) =>
  said
    .filter(({ stream }) => stream === orderId)
    .map(({ type }) => type)
    .toSorted();

describe('whatever the other side says, in whatever order and batches it is heard', () => {
  it('claims end alike where there is enough for all', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const shelves = Object.fromEntries(SKUS.map((sku) => [sku, { N: AMPLE, S: AMPLE }]));
        const lives = someLives(random);
        const [calm, stormy] = [listener(shelves), listener(shelves)];
        hearInTurn(otherSideOf(lives, shelves, []), calm.hear);
        hearInAnyOrder(otherSideOf(lives, shelves, []), stormy.hear, random);
        expect(rowsOf(stormy.net)).toEqual(rowsOf(calm.net));
        for (const { orderId } of lives) {
          expect(typesOf(stormy.said, orderId)).toEqual(typesOf(calm.said, orderId));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('claims fit where there is not enough, and closed orders hold nothing that can be given back', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const shelves = Object.fromEntries(
          SKUS.map((sku) => [sku, { N: random.below(9), S: random.below(9) }]),
        );
        const lives = someLives(random).map((life) => ({ ...life, unruly: random.chance(0.5) }));
        const { net, said, hear } = listener(shelves);
        hearInAnyOrder(otherSideOf(lives, shelves, []), hear, random);
        for (const { orderId, unruly, fate } of lives) {
          const state = net.stored.get(orderId)?.state;
          const types = typesOf(said, orderId);
          const decided = types.filter((type) => FIRST_WORDS.includes(type));
          expect(decided.length).toBeLessThanOrEqual(1);
          if (!unruly && fate !== 'EXPIRED' && fate !== 'DECLINED') continue;
          // Nobody asks the money for what only waits, so that nobody declines it.
          const isWaiting = fate === 'DECLINED' && !unruly && !types.includes('StockReserved');
          const ends = [
            'SHORT',
            'RELEASED',
            'ALLOCATED',
            'SHIPPED',
            null,
            ...(isWaiting ? ['BACKORDERED'] : []),
          ];
          expect(ends).toContain(state?.status);
          if (!unruly) expect(types).not.toContain('StockAllocated');
        }
      }),
      { numRuns: RUNS },
    );
  });
});
