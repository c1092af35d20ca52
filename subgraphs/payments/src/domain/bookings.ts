// What the ledger books, part by part as each is done; what others are told of a shipment is whole.
import { instanceOf } from './card-calls.ts';
import type { PaymentEvent, PaymentState } from './payment.ts';
import { doneOf, isOpenRefund } from './refund.ts';
import { partsOf, takenOf } from './shipment.ts';

/**
 * An entry: what was taken for a shipment, or given back of that (`refundId`). `part` is the instance of the call that did it, where
 * that is one of several; the same part is the same entry.
 */
export type Booking = Readonly<{
  kind: 'SALE' | 'REFUND';
  shipmentId: string;
  refundId: string | null;
  amountMinor: number;
  part: string | null;
}>;

type Captured = Readonly<{ shipmentId: string; wave: number | null; amountMinor: number | null }>;

/** `amountMinor` null: of the part alone; else all of the shipment, of which earlier parts are booked. */
function saleOf({ shipments }: PaymentState, { shipmentId, wave, amountMinor }: Captured): Booking | null {
  const shipment = shipments.find((each) => each.shipmentId === shipmentId);
  const about = { kind: 'SALE', shipmentId, refundId: null } as const;
  if (shipment === undefined) return amountMinor === null ? null : { ...about, amountMinor, part: null };
  const open = partsOf(shipment).filter((each) => !each.captured);
  const part = open.find((each) => wave === null || each.wave === wave);
  const bookedMinor = takenOf(shipment);
  if (amountMinor !== null && bookedMinor === 0) return { ...about, amountMinor, part: null };
  if (part === undefined) return null;
  const restMinor = amountMinor === null ? part.amountMinor : amountMinor - bookedMinor;
  return { ...about, amountMinor: restMinor, part: instanceOf({ wave: part.wave, shipmentId }) };
}

type GivenBack = Captured & Readonly<{ refundId: string }>;

function refundOf(
  { refunds }: PaymentState,
  { refundId, shipmentId, wave, amountMinor }: GivenBack,
): Booking | null {
  const refund = refunds.find((each) => each.refundId === refundId);
  const about = { kind: 'REFUND', shipmentId, refundId } as const;
  const bookedMinor = refund === undefined ? 0 : doneOf(refund, shipmentId);
  if (amountMinor !== null && bookedMinor === 0) return { ...about, amountMinor, part: null };
  const open = refund?.parts.filter((each) => each.shipmentId === shipmentId && isOpenRefund(each)) ?? [];
  const part = open.find((each) => wave === null || each.wave === wave);
  if (part === undefined) return null;
  const restMinor = amountMinor === null ? part.amountMinor : amountMinor - bookedMinor;
  return { ...about, amountMinor: restMinor, part: instanceOf({ wave: part.wave, shipmentId, refundId }) };
}

/** What an event books, on the state before it; null where that is nothing. */
export function bookingOf(before: PaymentState, event: PaymentEvent): Booking | null {
  switch (event.type) {
    case 'PaymentCaptured':
      return worth(saleOf(before, { ...event.data, wave: null }));
    case 'PartCaptured':
      return saleOf(before, { ...event.data, amountMinor: null });
    case 'PaymentRefunded':
      return worth(refundOf(before, { ...event.data, wave: null }));
    case 'RefundPartDone':
      return refundOf(before, { ...event.data, amountMinor: null });
    default:
      return null;
  }
}

/** What is worth nothing is not booked. */
function worth(booking: Booking | null): Booking | null {
  return booking === null || booking.amountMinor === 0 ? null : booking;
}
