// Readers of webhooks: who signed it, and what it is about. What it says about money is never believed; the provider is asked.
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { ProviderNotice, ReadNotice } from '../ports.ts';

const ID_HEADER = 'webhook-id';
const ID_MAX_CHARACTERS = 255;

const body = z.object({
  type: z.string().min(1).max(ID_MAX_CHARACTERS),
  data: z.object({ authorizationId: z.string().min(1).max(ID_MAX_CHARACTERS).nullish() }),
});
const eventId = z.string().min(1).max(ID_MAX_CHARACTERS);

/** The first reading that succeeds; one that throws did not. Why is nobody's business: an error might quote a secret. */
export function firstRead(readings: readonly (() => ProviderNotice | null)[]): ProviderNotice | null {
  for (const read of readings) {
    try {
      return read();
    } catch {}
  }
  return null;
}

/**
 * Webhooks signed as standardwebhooks.com says: HMAC-SHA-256 over id, timestamp and raw body, within 5 minutes, any of
 * several signatures. Several secrets are good at once, so that one can be replaced; each is `whsec_` and base64, and
 * anything else throws.
 */
export function createStandardNotices(secrets: readonly string[]): ReadNotice {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  return (headers, rawBody) => {
    const signed: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) signed[name] = value;
    const read = (webhook: Webhook) => (): ProviderNotice => {
      const said = body.parse(webhook.verify(rawBody, signed));
      return {
        eventId: eventId.parse(headers[ID_HEADER]),
        type: said.type,
        authorisationId: said.data.authorizationId ?? null,
      };
    };
    return firstRead(webhooks.map(read));
  };
}
