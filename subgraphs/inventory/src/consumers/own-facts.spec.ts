// What inventory said of an order's claim, read back: the same events, and by them the same claim.
import { readFact } from '@crossdock/contracts';
import type { ArrivedEvent } from '@crossdock/messaging';
import { expect, it } from 'vitest';
import { arrived } from '../../test/inventory.ts';
import { cancelledLines, order, placed, planned, shipment } from '../../test/orders.ts';
import { reservationDecider } from '../domain/reservation/decide.ts';
import { type ReservationCommand, unheardOf } from '../domain/reservation/reservation.ts';
import { reservationFact } from '../publishers/reservation-facts.ts';
import { claimEvent, isClaimFact } from './own-facts.ts';
import { readSteps } from './steps.ts';

const bought = order({ A: 10, B: 4 });
const assignable = [{ sku: 'A', warehouseId: 'N', available: 99 }];

/** What an arrival asks, with the figures a test wants. */
function asked(arrival: ArrivedEvent, available: readonly number[] = []): ReservationCommand {
  const ask = readSteps([arrival]).steps[0]?.ask;
  if (ask === undefined) throw new Error(`${arrival.event.type} asks nothing`);
  if (ask.type === 'ReserveStock') return { type: ask.type, data: { ...ask.data, available } };
  if (ask.type === 'AllocateStock') return { type: ask.type, data: { ...ask.data, assignable } };
  return ask;
}

const breaks = (units: number): ReservationCommand => ({
  type: 'BreakReservation',
  data: { lines: [['A', units]], cause: 'LOSS' },
});
const come = (units: number): ReservationCommand => ({
  type: 'ReserveWaiting',
  data: { lines: [['A', units]] },
});
const plan = (wave: number, units: number) => planned(bought, [shipment('N', { A: units })], wave);

it('tells which wave each unit belongs to', () => {
  const placing = placed(bought, 'BACKORDER');
  const [stale, second, first] = [plan(1, 8), plan(2, 3), plan(1, 5)];
  const fewer = cancelledLines(bought, { A: 4, B: 1 });
  const heard: [ReservationCommand, ArrivedEvent?][] = [
    [asked(placing, [8, 0]), placing],
    [breaks(3)],
    [come(5)],
    [asked(stale), stale],
    [asked(second), second],
    [asked(first), first],
    [breaks(1)],
    [come(1)],
    [asked(fewer), fewer],
  ];
  let [live, restored] = [unheardOf, unheardOf];
  const types: string[] = [];
  for (const [command, cause] of heard) {
    const decision = reservationDecider.decide(command, live);
    if (!decision.accepted) throw new Error(`${command.type} was rejected: ${decision.rejection.type}`);
    for (const event of decision.events) {
      const said = reservationFact(event, bought);
      const fact = said && readFact('inventory', arrived('inventory', said.type, said.data).event);
      if (fact === null || !isClaimFact(fact)) throw new Error(`${event.type} is not published`);
      const again = claimEvent(fact, restored, cause?.event);
      expect(again).toEqual(event);
      live = reservationDecider.evolve(live, event);
      restored = reservationDecider.evolve(restored, again);
      // The rows hold JSON, and a restore compares them as text.
      expect(JSON.stringify(restored)).toBe(JSON.stringify(live));
      types.push(event.type);
    }
  }
  expect(types).toEqual([
    ...['StockReserved', 'ReservationBroken', 'StockReserved', 'AllocationRefused', 'StockAllocated'],
    ...['StockAllocated', 'ReservationBroken', 'StockReserved', 'ReservationReduced'],
  ]);
  expect(live.lines).toEqual([
    ['A', 5, 250],
    ['A', 3, 250, 2],
  ]);
});
