// A provider that signs its webhooks after the Standard Webhooks specification, and a reader that checks them.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookDelivery } from '../src/command-handlers/take-webhook.ts';
import type { ReadNotice } from '../src/ports.ts';

const SECRET = 'a webhook secret only tests know';
/** Seconds that a signature is good for. */
const TOLERANCE_S = 300;

function signatureOf(id: string, timestamp: string, body: string, secret: string): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** Without an authorisation it says nothing that we read. */
export type Signing = Readonly<{ id: string; authorisationId?: string; ageS?: number; secret?: string }>;

/** What the provider sends about an authorisation. */
export function signed(provider: string, signing: Signing): WebhookDelivery {
  const { id, authorisationId, ageS = 0, secret = SECRET } = signing;
  const timestamp = String(Math.floor(Date.now() / 1_000) - ageS);
  const rawBody = JSON.stringify({
    type: 'authorization.changed',
    ...(authorisationId === undefined ? {} : { data: { authorizationId: authorisationId } }),
  });
  const signature = signatureOf(id, timestamp, rawBody, secret);
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return { provider, headers, rawBody };
}

export const readSigned: ReadNotice = (headers, rawBody) => {
  const {
    'webhook-id': id = '',
    'webhook-timestamp': timestamp = '',
    'webhook-signature': given = '',
  } = headers;
  const wanted = Buffer.from(signatureOf(id, timestamp, rawBody, SECRET));
  const shown = Buffer.from(given);
  if (wanted.length !== shown.length || !timingSafeEqual(wanted, shown)) return null;
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > TOLERANCE_S) return null;
  // Signed by ourselves, a few lines above.
  const { type, data } = JSON.parse(rawBody) as { type: string; data?: { authorizationId: string } };
  if (data === undefined) return 'not-understood';
  return { eventId: id, type, authorisationId: data.authorizationId };
};
