import type { Sql } from '@crossdock/event-store';
import { type Logger, tellRarely } from '@crossdock/telemetry';
import { isText } from '@crossdock/values';
import type { ProviderNotice, Providers, ReadNotice } from '../ports.ts';
import { takeEvent } from '../store/webhook-events.ts';
import type { WebhookMetrics } from './webhook-metrics.ts';

/** Characters of an event's id and type, and of an authorisation's id: longer ones are no provider's. */
const TEXT_LENGTH_MAX = 255;
/** A provider tells of what we asked a moment ago: by then our own call has ended, and several events of an order are one look. */
const LOOK_AFTER_MS = 1_000;

/** What a provider sent: its name from the address, the headers, and the body as it came. */
export type WebhookDelivery = Readonly<{
  provider: string;
  headers: Readonly<Record<string, string | undefined>>;
  rawBody: string;
}>;

/** HTTP status of the answer: stored, known or of no use to us; no valid signature; no such provider. */
export type TakeWebhook = (delivery: WebhookDelivery) => Promise<204 | 401 | 404>;

export type TakeWebhookOptions = Readonly<{
  sql: Sql;
  logger: Logger;
  metrics: WebhookMetrics;
  providers: Providers;
  /** Who checks the signatures, by the provider's name. What a provider without one sends is refused. */
  readers: ReadonlyMap<string, ReadNotice>;
}>;

function isStorable({ eventId, type, authorisationId }: ProviderNotice): boolean {
  return [eventId, type, authorisationId ?? '-'].every((text) => isText(text, TEXT_LENGTH_MAX));
}

/** Anybody may send as many as they like, and a metric counts them. */
const tellWith = (logger: Logger, text: string) =>
  tellRarely<undefined>((provider, count) => logger.warn({ provider, count }, text));

/** Writes down what a provider signed, once for each event, and does nothing else; rejects when it could not be written. */
export function createTakeWebhook(options: TakeWebhookOptions): TakeWebhook {
  const { sql, logger, metrics, providers, readers } = options;
  const tellRefused = tellWith(logger, 'webhooks without a valid signature were refused');
  const tellIgnored = tellWith(logger, 'signed webhooks were not understood, and nothing was done');
  return async ({ provider, headers, rawBody }) => {
    if (providers.named(provider) === null) return 404;
    const notice = readers.get(provider)?.(headers, rawBody) ?? null;
    if (notice === null) {
      metrics.taken.inc({ provider, outcome: 'refused' });
      tellRefused(provider, undefined);
      return 401;
    }
    if (notice === 'not-understood' || !isStorable(notice)) {
      // Sent again it would say no more.
      metrics.taken.inc({ provider, outcome: 'ignored' });
      tellIgnored(provider, undefined);
      return 204;
    }
    const { eventId, type, authorisationId } = notice;
    const event = { provider, eventId, type, authorisationId };
    const outcome = await takeEvent(sql, event, LOOK_AFTER_MS).catch((error: unknown) => {
      metrics.taken.inc({ provider, outcome: 'failed' });
      throw error;
    });
    metrics.taken.inc({ provider, outcome });
    return 204;
  };
}
