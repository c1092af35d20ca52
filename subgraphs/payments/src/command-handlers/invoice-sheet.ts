import type { Booking } from '../domain/bookings.ts';
import type { PaymentEvent, PaymentState } from '../domain/payment.ts';
import type { InvoicedLine, InvoiceWrite, OrderName } from '../store/write-payments.ts';

/** The payment that events are of, as it stands after them. */
type Payer = Readonly<{ orderId: string; partnerId: string; state: PaymentState }>;

type Change = Partial<Pick<InvoiceWrite, 'lines' | 'issue' | 'paidMinor' | 'creditedMinor'>>;

/**
 * Collects what a batch makes of invoices, one entry for each shipment. A shipment is invoiced when its money is taken or, by
 * card, asked for or given up; the lines are those of the fact that it left. Paid and credited is what the ledger books.
 */
export type InvoiceSheet = Readonly<{
  nameOrder: (name: OrderName) => void;
  /** The lines of a shipment that is about to be noted. */
  tellLines: (shipmentId: string, lines: readonly InvoicedLine[]) => void;
  follow: (event: PaymentEvent, payer: Payer, booking: Booking | null) => void;
  names: () => readonly OrderName[];
  writes: () => readonly InvoiceWrite[];
}>;

function issueOf({ method }: PaymentState): InvoiceWrite['issue'] {
  return method === null ? null : { method };
}

type Told = ReadonlyMap<string, readonly InvoicedLine[]>;
type ChangeOf = Readonly<{ shipmentId: string; change: Change }>;

/** What an event makes of its shipment's invoice, but for its money; null for one that is about none. */
function paperChangeOf(event: PaymentEvent, state: PaymentState, told: Told): ChangeOf | null {
  switch (event.type) {
    case 'ShipmentNoted': {
      const { shipmentId } = event.data;
      return { shipmentId, change: { lines: told.get(shipmentId) ?? [] } };
    }
    case 'CardCaptureRequested':
    case 'PaymentCaptured':
    case 'RestGivenUp':
      return { shipmentId: event.data.shipmentId, change: { issue: issueOf(state) } };
    default:
      return null;
  }
}

function moneyChangeOf({ kind, shipmentId, amountMinor }: Booking, { method }: PaymentState): ChangeOf {
  if (kind === 'REFUND') return { shipmentId, change: { creditedMinor: amountMinor } };
  return { shipmentId, change: { paidMinor: method === 'CARD' ? amountMinor : 0 } };
}

function merged(write: InvoiceWrite, change: Change): InvoiceWrite {
  return {
    ...write,
    lines: change.lines ?? write.lines,
    issue: change.issue ?? write.issue,
    paidMinor: write.paidMinor + (change.paidMinor ?? 0),
    creditedMinor: write.creditedMinor + (change.creditedMinor ?? 0),
  };
}

function newWrite({ orderId, partnerId, state }: Payer, shipmentId: string): InvoiceWrite {
  const shipment = state.shipments.find((each) => each.shipmentId === shipmentId);
  return {
    ...{ shipmentId, orderId, partnerId },
    currencyCode: state.currencyCode ?? '',
    totalMinor: shipment?.valueMinor ?? 0,
    ...{ lines: null, issue: null, paidMinor: 0, creditedMinor: 0 },
  };
}

export function openInvoiceSheet(): InvoiceSheet {
  const names = new Map<string, OrderName>();
  const told = new Map<string, readonly InvoicedLine[]>();
  const writes = new Map<string, InvoiceWrite>();
  return {
    nameOrder: (name) => void names.set(name.orderId, name),
    tellLines: (shipmentId, lines) => void told.set(shipmentId, lines),
    follow: (event, payer, booking) => {
      const money = booking === null ? null : moneyChangeOf(booking, payer.state);
      for (const found of [paperChangeOf(event, payer.state, told), money]) {
        if (found === null) continue;
        const { shipmentId, change } = found;
        writes.set(shipmentId, merged(writes.get(shipmentId) ?? newWrite(payer, shipmentId), change));
      }
    },
    names: () => [...names.values()],
    writes: () => [...writes.values()],
  };
}
