import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { bodyOf, type PaymentEvent, type WebhookStyle } from './event-bodies.ts';

export interface SignedMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** In turn: signed with another secret; signed well, but an hour ago; changed after it was signed. */
export const FORGERIES = ['wrong-signature', 'expired-timestamp', 'changed-body'] as const;
export type Forgery = (typeof FORGERIES)[number];

/** Far beyond the five minutes that receivers tolerate. */
const EXPIRED_MS = 3_600_000;
/** Nobody's secret: what it signs is signed by somebody else. */
const FOREIGN_SECRET = `whsec_${Buffer.from('this is not the secret of anybody').toString('base64')}`;
const NOBODY = 'auth_of_nobody';

export interface Signer {
  sign(event: PaymentEvent, nowMs: number): SignedMessage;
  /** What a receiver must refuse, though it looks like an event that happened. */
  forge(event: PaymentEvent, forgery: Forgery, nowMs: number): SignedMessage;
}

type Seal = (id: string, body: string, nowMs: number) => SignedMessage;

/** Signs as https://www.standardwebhooks.com says, or as Stripe does: hex HMAC-SHA256 of `<unix seconds>.<body>`. */
export function createSigner(secret: string, style: WebhookStyle): Signer {
  const sealWith = style === 'standard' ? standardSeal : stripeSeal;
  const seal = sealWith(secret);
  const foreignSeal = sealWith(FOREIGN_SECRET);
  const sign = (event: PaymentEvent, nowMs: number) => seal(event.id, bodyOf(event, style), nowMs);
  return {
    sign,
    forge: (event, forgery, nowMs) => {
      if (forgery === 'expired-timestamp') return sign(event, nowMs - EXPIRED_MS);
      if (forgery === 'wrong-signature') return foreignSeal(event.id, bodyOf(event, style), nowMs);
      return { ...sign(event, nowMs), body: bodyOf({ ...event, authorizationId: NOBODY }, style) };
    },
  };
}

function standardSeal(secret: string): Seal {
  const webhook = new Webhook(secret);
  return (id, body, nowMs) => {
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
      'webhook-signature': webhook.sign(id, new Date(nowMs), body),
    };
    return { headers, body };
  };
}

function stripeSeal(secret: string): Seal {
  return (_id, body, nowMs) => {
    const seconds = Math.floor(nowMs / 1_000);
    const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
    return { headers: { 'stripe-signature': `t=${seconds},v1=${signature}` }, body };
  };
}
