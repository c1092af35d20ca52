import { type FoundAuthorisation, type OrderMoney, takenMinorOf } from './order-money.ts';
import { amountIn, NOTHING_HEALS, orderOf, type PaymentBreak } from './payment-break.ts';
import { capturedFrom } from './shipment.ts';

const NOT_COMPARED =
  'This order could not be compared for a fault of ours: its own line in the log of payments says which. Compare it with its provider by hand; the next comparison that can compare it closes this.';
const UNREADABLE =
  'The provider does not say what it holds and took of this authorisation. Look at it there, and compare it with the order; close this once both agree.';

type Unreadable = Readonly<{ provider: string; id: string; reason: string }>;

/**
 * An authorisation that its provider does not show when it is asked for it alone, though it answers for others. Expected is what was
 * taken of it by our books, found what the provider's report shows as taken; null where that does not show it.
 */
export function compareUnreadable(
  { orderId, payment }: Pick<OrderMoney, 'orderId' | 'payment'>,
  { provider, id: subject, reason }: Unreadable,
  shown: FoundAuthorisation | undefined,
): PaymentBreak {
  const wave = payment?.waves.find((each) => each.providerAuthorisationId === subject);
  const takenMinor = wave === undefined ? 0 : capturedFrom(payment?.shipments ?? [], wave.wave);
  const expected = amountIn(payment?.currencyCode ?? shown?.currencyCode)(takenMinor);
  const found = shown === undefined ? null : amountIn(shown.currencyCode)(takenMinorOf(shown));
  const about = { subject, provider, orderId: orderOf({ orderId, payment }), expected, found };
  const detail = `${UNREADABLE} It answers: ${reason}.`;
  return { kind: 'AUTHORISATION_UNREADABLE', ...about, detail, healing: NOTHING_HEALS };
}

/** An order whose comparison broke: nothing is known of its money until a person looks. */
export function notCompared(orderId: string): PaymentBreak {
  const about = { subject: orderId, orderId, expected: null, found: null };
  return { kind: 'ORDER_NOT_COMPARED', ...about, detail: NOT_COMPARED, healing: NOTHING_HEALS };
}
