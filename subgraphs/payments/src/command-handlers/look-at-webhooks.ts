import { faultKind, type Sql } from '@crossdock/event-store';
import { type Looks, startLooks } from '@crossdock/resilience';
import type { Logger } from '@crossdock/telemetry';
import { isUuid } from '@crossdock/values';
import { BREAK_OWNER } from '../domain/payment-break.ts';
import type { Providers } from '../ports.ts';
import { hastenCalls } from '../store/card-calls.ts';
import { recordBreaks, settleUnfound } from '../store/payment-breaks.ts';
import {
  type EventSettlement,
  loadWaitingEvents,
  settleEvents,
  type WaitingEvent,
} from '../store/webhook-events.ts';
import { healBreaks } from './heal-breaks.ts';
import { lookAtOrder } from './look-at-order.ts';
import type { WebhookMetrics } from './webhook-metrics.ts';

/** Milliseconds between looks at the inbox. */
const LOOK_EVERY_MS = 500;
/** Events of one look, and authorisations that are read at once. */
const EVENTS_MAX = 100;
const AT_ONCE = 8;
/** Looks at an event that comes to nothing, and the pause between them in milliseconds: about an hour and a half together. */
const TRIES_MAX = 20;
const PAUSE_MIN_MS = 1_000;
const PAUSE_MAX_MS = 300_000;

export type WebhookLookOptions = Readonly<{
  sql: Sql;
  providers: Providers;
  logger: Logger;
  metrics: WebhookMetrics;
  /** Of the code, for dead letters. */
  codeVersion: string;
  /** Only the process that holds the worker lease looks, and writes under its epoch. */
  leaseEpoch: () => number | null;
  /** Says that calls became due. */
  wakeCalls: () => void;
}>;

/** What came of a look: null when the event is done, else why it is not. */
type Outcome = Readonly<{ reason: string; isFinal: boolean }> | null;

const later = (reason: string): Outcome => ({ reason, isFinal: false });
const never = (reason: string): Outcome => ({ reason, isFinal: true });

/**
 * The event is only a hint: the authorisation is read, and names the order. Its open calls are made now, so that they find out what
 * is unknown, and its three sides are compared. Whatever the event said, and however often or late, the effect is the same.
 */
async function follow(options: WebhookLookOptions, epoch: number, event: WaitingEvent): Promise<Outcome> {
  const { sql, providers, wakeCalls } = options;
  const { provider: name, authorisationId: id } = event;
  if (id === null) return null;
  const provider = providers.named(name);
  if (provider === null) return never('its provider is configured no more');
  const read = await provider.read(id);
  if (read.kind !== 'done') return later(read.reason);
  const orderId = read.value.reference?.orderId ?? null;
  // What was never asked for by us is none of our orders'; a run of the comparison reports it.
  if (orderId === null || !isUuid(orderId)) return null;
  if ((await hastenCalls(sql, epoch, [orderId])) > 0) wakeCalls();
  // It is read again: what was read before our own record was says nothing beside it.
  const begunAtMs = performance.now();
  const look = await lookAtOrder(options, orderId, [{ provider: name, id }]);
  if (look.kind === 'moved') return later('the payment moved');
  const [silent] = look.unanswered;
  if (silent !== undefined) return later(`${silent.provider}: ${silent.reason}`);
  const { breaks, subjects } = look;
  if (breaks.length > 0) {
    await recordBreaks(sql, epoch, await healBreaks({ ...options, epoch }, breaks));
    wakeCalls();
  }
  // What was open before and is not found any more is over, and is on nobody's list until the next run.
  if (subjects !== null)
    await settleUnfound(sql, epoch, { orderId, subjects, breaks, tookMs: performance.now() - begunAtMs });
  return null;
}

function settlementOf({ provider, eventId, attempts }: WaitingEvent, outcome: Outcome): EventSettlement {
  if (outcome === null) return { provider, eventId, state: 'done', reason: null, delayMs: 0 };
  const isOver = outcome.isFinal || attempts + 1 >= TRIES_MAX;
  const delayMs = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** attempts);
  return { provider, eventId, state: isOver ? 'failed' : 'new', reason: outcome.reason, delayMs };
}

/** Events about one authorisation are one look. */
async function followAlike(
  options: WebhookLookOptions,
  epoch: number,
  alike: readonly WaitingEvent[],
): Promise<EventSettlement[]> {
  const [first] = alike;
  if (first === undefined) return [];
  try {
    const outcome = await follow(options, epoch, first);
    return alike.map((event) => settlementOf(event, outcome));
  } catch (error) {
    const kind = faultKind(error);
    if (kind === 'lease-lost') throw error;
    options.logger.warn(
      { kind, provider: first.provider, err: error },
      'a webhook event could not be followed',
    );
    // A fault of infrastructure says nothing of the event.
    if (kind === 'infrastructure') return [];
    return alike.map((event) => settlementOf(event, later('a fault of ours, see the log')));
  }
}

/** One look: follows the events whose time has come; answers how many there were. Rejects with LEASE_LOST under an old epoch. */
export async function followWebhooks(options: WebhookLookOptions, epoch: number): Promise<number> {
  const { sql, metrics, logger } = options;
  const events = await loadWaitingEvents(sql, EVENTS_MAX);
  const groups = [
    ...Map.groupBy(events, ({ provider, authorisationId }) => `${provider} ${authorisationId}`).values(),
  ];
  for (let at = 0; at < groups.length; at += AT_ONCE) {
    const some = groups.slice(at, at + AT_ONCE);
    const settled = (await Promise.all(some.map((alike) => followAlike(options, epoch, alike)))).flat();
    if (settled.length > 0) await settleEvents(sql, epoch, settled);
    for (const { provider, eventId, state, reason } of settled) {
      if (state !== 'new') metrics.settled.inc({ provider, state });
      if (state === 'failed')
        logger.error(
          { provider, eventId, reason, owner: BREAK_OWNER },
          'a webhook event could not be followed',
        );
    }
  }
  return events.length;
}

/** Follows webhook events, look after look, while this process holds the lease. A fault costs a look, nothing else. */
export function startWebhookLooks(options: WebhookLookOptions): Looks {
  const look = async () => {
    const epoch = options.leaseEpoch();
    if (epoch === null) return;
    try {
      await followWebhooks(options, epoch);
    } catch (error) {
      options.logger.warn({ kind: faultKind(error), err: error }, 'webhook events cannot be followed now');
    }
  };
  return startLooks(look, LOOK_EVERY_MS);
}
