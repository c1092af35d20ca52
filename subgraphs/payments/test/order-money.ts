// Builders of one order's money, as a comparison sees it: card, GBP, one authorisation of 10,000 unless something else is said.

import type {
  BookedEntry,
  FoundAuthorisation,
  FoundCapture,
  OrderMoney,
  PendingCall,
} from '../src/domain/order-money.ts';
import { initialPayment, type PaymentState } from '../src/domain/payment.ts';
import type { PaymentBreak } from '../src/domain/payment-break.ts';
import { compare } from '../src/domain/reconciliation.ts';
import type { Refund } from '../src/domain/refund.ts';
import type { Shipment } from '../src/domain/shipment.ts';
import { newWave, type Stage, type Wave } from '../src/domain/wave.ts';

export const ORDER = 'o1';

export const wave = (number: number, stage: Stage, more: Partial<Wave> = {}): Wave => ({
  ...newWave(number, 10_000),
  ...{ stage, authorisedMinor: 10_000, providerAuthorisationId: `a${number}`, provider: 'sim' },
  ...more,
});
export const authorised = wave(1, 'AUTHORISED');
export const shipment = (state: Shipment['state'], valueMinor = 10_000, shipmentId = 's1'): Shipment => ({
  ...{ shipmentId, valueMinor, state },
});
export const byCard = (more: Partial<PaymentState>): PaymentState => ({
  ...{ ...initialPayment, method: 'CARD', currencyCode: 'GBP', totalMinor: 10_000, waves: [authorised] },
  ...more,
});
export const onTerms = (more: Partial<PaymentState>): PaymentState => ({
  ...{
    ...initialPayment,
    method: 'TERMS',
    currencyCode: 'GBP',
    waves: [{ ...authorised, providerAuthorisationId: null }],
  },
  ...more,
});
export const sale = (shipmentId: string, amountMinor = 10_000, currencyCode = 'GBP'): BookedEntry => ({
  ...{ kind: 'SALE', shipmentId, refundId: null, amountMinor, currencyCode },
});
export const refundEntry = (refundId: string, amountMinor: number): BookedEntry => ({
  ...{ kind: 'REFUND', shipmentId: 's1', refundId, amountMinor, currencyCode: 'GBP' },
});
export const refund = (refundId: string, amountMinor: number, done = true): Refund => ({
  ...{ refundId, reason: 'broken', parts: [{ shipmentId: 's1', wave: 1, amountMinor, done }] },
});
export const capture = (
  id: string,
  instance: string,
  amountMinor = 10_000,
  refunds: FoundCapture['refunds'] = [],
): FoundCapture => ({
  ...{ id, instance, amountMinor, refunds },
});
export const found = (
  id: string,
  status: FoundAuthorisation['status'],
  more: Partial<FoundAuthorisation> = {},
): FoundAuthorisation => ({
  ...{ provider: 'sim', id, status, amountMinor: 10_000, currencyCode: 'GBP' },
  ...{ reference: { orderId: ORDER, epoch: 1 }, captures: [] },
  ...more,
});
export const call = (
  operation: PendingCall['operation'],
  instance: string,
  state: PendingCall['state'] = 'due',
): PendingCall => ({ operation, instance, state });

export const money = (more: Partial<OrderMoney>): OrderMoney => ({
  ...{
    orderId: ORDER,
    payment: byCard({}),
    ledger: [],
    calls: [],
    authorisations: [found('a1', 'AUTHORISED')],
    unread: [],
  },
  ...more,
});

/** Kind, subject, both amounts, and what heals it. */
export function gist({ kind, subject, expected, found: is, healing }: PaymentBreak): string {
  return `${kind} ${subject} ${expected?.amountMinor}/${is?.amountMinor} ${healing?.kind ?? 'person'}`;
}
export const compared = (more: Partial<OrderMoney>) => compare(money(more)).map(gist);

export const captured = byCard({ shipments: [shipment('CAPTURED')], capturedMinor: 10_000 });
export const taken = found('a1', 'CAPTURED', { captures: [capture('c1', 's1')] });
/** An order that was shipped and taken whole, with nothing to say of it. */
export const settled: Partial<OrderMoney> = {
  payment: captured,
  ledger: [sale('s1')],
  authorisations: [taken],
};
