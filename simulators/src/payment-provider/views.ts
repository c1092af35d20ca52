import {
  type Authorization,
  type Capture,
  capturedMinor,
  type Refund,
  refundedMinor,
} from './authorization.ts';

/** What the API shows; how the card behaves stays inside. */
export function authorizationView(authorization: Authorization) {
  const { id, status, amountMinor, currencyCode, declineCode, reference, expiresAt, captures } =
    authorization;
  const captured = capturedMinor(authorization);
  const refunded = captures.reduce((sum, capture) => sum + refundedMinor(capture), 0);
  return {
    id,
    status,
    amountMinor,
    currencyCode,
    capturedMinor: captured,
    refundedMinor: refunded,
    declineCode,
    reference,
    expiresAt,
    captures: captures.map((capture) => captureView(authorization, capture)),
  };
}

export function captureView({ id: authorizationId, currencyCode }: Authorization, capture: Capture) {
  const { id, amountMinor, reference, refunds } = capture;
  return {
    id,
    authorizationId,
    status: 'captured',
    amountMinor,
    currencyCode,
    refundedMinor: refundedMinor(capture),
    reference,
    refunds: refunds.map((refund) => refundView(authorizationId, currencyCode, id, refund)),
  };
}

export function refundView(authorizationId: string, currencyCode: string, captureId: string, refund: Refund) {
  const { id, amountMinor, reference } = refund;
  return { id, captureId, authorizationId, status: 'refunded', amountMinor, currencyCode, reference };
}
