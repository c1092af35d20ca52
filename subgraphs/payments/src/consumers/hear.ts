import type { FactData, ReadFact } from '@crossdock/contracts';
import type { Cause, CommandOnCredit, PaymentBook } from '../command-handlers/payment-book.ts';
import { grainOf } from '../domain/grain.ts';
import type { PaymentCommand } from '../domain/payment.ts';
import { notGivenUp } from '../domain/still-asked.ts';

/** What payments may hear. */
export type Heard =
  | ReadFact<'orders'>
  | ReadFact<'inventory'>
  | ReadFact<'fulfillment'>
  | ReadFact<'payments'>;

type Lines = readonly Readonly<{ quantity: number }>[];

function unitsIn(lines: Lines | null | undefined): number {
  return (lines ?? []).reduce((sum, { quantity }) => sum + quantity, 0);
}

function noteOrder(data: FactData<'orders', 'OrderPlaced'>): CommandOnCredit {
  const { paymentMethod: method, currencyCode, totalMinor } = data;
  const sealedCardToken = method === 'CARD' ? (data.sealedCardToken ?? null) : null;
  const unitPrices = data.lines.map(({ unitPriceMinor }) => unitPriceMinor);
  const grainMinor = method === 'CARD' ? grainOf(currencyCode, unitPrices) : null;
  const grain = grainMinor === null ? {} : { grainMinor };
  const order = { method, currencyCode, totalMinor, sealedCardToken, ...grain };
  return (credit) => ({ type: 'NoteOrder', data: { ...order, credit } });
}

function noteReservation(data: FactData<'inventory', 'StockReserved'>, version: number): CommandOnCredit {
  const { reservedValueMinor: reservedMinor, backordered } = data;
  const waiting = { units: unitsIn(backordered), version };
  const wave = data.wave ?? 1;
  return (credit) => ({ type: 'NoteReservation', data: { wave, reservedMinor, waiting, credit } });
}

function noteReduction(
  { valueMinor, cause }: Readonly<{ valueMinor: number; cause: string }>,
  version: number,
  waitingDelta: number,
): PaymentCommand {
  return { type: 'NoteReduction', data: { version, valueMinor, cause, waitingDelta } };
}

/** What a fact of an order means here; null for one that is none of our business. */
function commandOf(fact: Heard): CommandOnCredit | PaymentCommand | null {
  // The place in its subgraph's stream of the order: inventory's facts that were heard before are known by it.
  const { version } = fact.event;
  switch (fact.type) {
    case 'OrderPlaced':
      return noteOrder(fact.data);
    case 'OrderPartiallyShipped':
      // An order may be cancelled once all that is left of it waits: what left before is known from here, whenever
      // fulfillment is heard of it.
      return { type: 'ExpectShipment', data: { shipmentId: fact.data.shipmentId } };
    case 'OrderCancelled':
    case 'OrderRejected':
      return { type: 'CloseOrder', data: {} };
    case 'StockReserved':
      return noteReservation(fact.data, version);
    case 'StockBackordered':
      return { type: 'NoteBackorder', data: { units: unitsIn(fact.data.lines), version } };
    case 'ReservationReduced':
      return noteReduction(fact.data, version, -unitsIn(fact.data.backordered));
    case 'ReservationBroken':
      return noteReduction(fact.data, version, fact.data.rest === 'CANCELLED' ? 0 : unitsIn(fact.data.lines));
    case 'ShipmentConfirmed': {
      const { shipmentId, valueMinor, currencyCode } = fact.data;
      return { type: 'NoteShipment', data: { shipmentId, valueMinor, currencyCode } };
    }
    case 'PaymentHeld': {
      const { operation, instance } = fact.data;
      return { type: 'RetryHeldCall', data: { operation, instance } };
    }
    default:
      return null;
  }
}

/** What a fact tells that only stands on invoices. */
function notePaper({ paper }: PaymentBook, fact: Heard): void {
  if (fact.type === 'OrderPlaced') {
    const { orderId, number, poNumber = null } = fact.data;
    paper.nameOrder({ orderId, number, poNumber });
  } else if (fact.type === 'ShipmentConfirmed') {
    const lines = fact.data.lines.map(({ sku, quantity, unitPriceMinor = null }) => ({
      ...{ sku, quantity, unitPriceMinor },
    }));
    paper.tellLines(fact.data.shipmentId, lines);
  }
}

/**
 * Lets the book decide that a call which waits for a person is given up. Throws where that leaves its money to be moved, or comes after
 * it was: then nothing is written, and the letter stays parked under this error.
 */
export function giveUp(book: PaymentBook, fact: Heard, cause: Cause): void {
  if (fact.type !== 'PaymentHeld') return;
  const { orderId, operation, instance } = fact.data;
  const data = { operation, instance };
  book.decide(orderId, cause, () => ({ type: 'GiveUpHeldCall', data }));
  const payment = book.stateOf(orderId);
  const why = payment === null ? null : notGivenUp(payment, data);
  if (why !== null) throw new Error(why);
}

/** Lets the book decide what follows from a fact of an order. */
export function hear(book: PaymentBook, fact: Heard, cause: Cause): void {
  const command = commandOf(fact);
  if (command === null || !('orderId' in fact.data)) return;
  notePaper(book, fact);
  book.decide(fact.data.orderId, cause, typeof command === 'function' ? command : () => command);
}
