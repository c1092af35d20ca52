// From orders of a page that seem to differ to what differs: each is looked at by itself, and none keeps the others from it.
import { faultKind, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import { compareUnreadable } from '../domain/compare-unreadable.ts';
import type { FoundAuthorisation } from '../domain/order-money.ts';
import type { PaymentBreak } from '../domain/payment-break.ts';
import type { PaymentProvider, Providers } from '../ports.ts';
import type { FoundBreak } from '../store/payment-breaks.ts';
import { loadPayments } from '../store/payment-rows.ts';
import { healBreaks } from './heal-breaks.ts';
import {
  type AuthorisationPlace,
  lookAtOrder,
  type OrderLook,
  type UnansweredRead,
} from './look-at-order.ts';

/** A breaker that opened lets a call try again after five seconds. */
const LOOK_AGAIN_MS = 6_000;
/** Rounds of looks at a page; each finds at least one authorisation out that opens the breaker in front of the others. */
const ROUNDS_MAX = 8;
/** Rounds in which an order's authorisation was asked for without an answer, until it is left to a person. */
const ASKED_MAX = 2;
/** How soon a stop is noticed between rounds, in milliseconds. */
const NOTICE_MS = 100;

export type CompareOptions = Readonly<{
  sql: Sql;
  providers: Providers;
  logger: Logger;
  /** Of the code, for dead letters. */
  codeVersion: string;
  /** True once the process stops: a page that is not finished is compared again by the next. */
  isStopped: () => boolean;
  /** Milliseconds before an order is looked at again whose provider did not answer; longer than its breaker stays open. */
  lookAgainMs?: number;
}>;

/** `epoch` is that of the worker lease, under which differences are healed. */
export type PageOptions = CompareOptions & Readonly<{ epoch: number }>;

/** Why a page must be compared again later, or by the next process. */
export type Unfinished = Readonly<{ kind: 'unanswered'; reason: string }> | Readonly<{ kind: 'stopped' }>;

/** An order that must be looked at closely, and what is known of it beside its own record: where else to look, and the page. */
export type Suspect = Readonly<{
  orderId: string;
  besides: readonly AuthorisationPlace[];
  shown: readonly FoundAuthorisation[];
}>;

/** A suspect in one of the rounds, and in how many of them its provider was asked in vain. */
type Candidate = Readonly<{ suspect: Suspect; timesAsked: number }>;
type Looked = Readonly<{ breaks: FoundBreak[]; passedOver: string[] }>;
type Round = Readonly<{ options: PageOptions; of: PaymentProvider | null; looked: Looked }>;

/** Waits between rounds, no longer than until the process stops. */
async function pause({ lookAgainMs = LOOK_AGAIN_MS, isStopped }: PageOptions): Promise<void> {
  const until = performance.now() + lookAgainMs;
  for (let left = lookAgainMs; left > 0 && !isStopped(); left = until - performance.now())
    await new Promise((resolve) => setTimeout(resolve, Math.min(NOTICE_MS, left)));
}

/** What cannot be read though it was asked for, as differences of their own. */
async function unreadableOf(
  { sql }: PageOptions,
  { orderId, shown }: Suspect,
  silent: readonly UnansweredRead[],
): Promise<PaymentBreak[]> {
  const asked = silent.filter(({ isAsked }) => isAsked);
  if (asked.length === 0) return [];
  const [stored] = await loadPayments(sql, [orderId]);
  const money = { orderId, payment: stored?.state ?? null };
  return asked.map((each) => {
    const onPage = shown.find(({ provider, id }) => provider === each.provider && id === each.id);
    return compareUnreadable(money, each, onPage);
  });
}

/** What of a look's silence counts: of a report's page only its own provider, as the others have pages of their own. */
function silenceOf({ of }: Round, look: OrderLook): readonly UnansweredRead[] {
  if (look.kind === 'moved') return [];
  return look.unanswered.filter(({ provider }) => of === null || provider === of.name);
}

async function settle(
  { options, looked }: Round,
  suspect: Suspect,
  look: OrderLook,
  silent: readonly UnansweredRead[],
): Promise<void> {
  if (look.kind !== 'seen') looked.passedOver.push(suspect.orderId);
  if (look.kind === 'moved') return;
  const breaks = [...look.breaks, ...(await unreadableOf(options, suspect, silent))];
  looked.breaks.push(...(await healBreaks(options, breaks)));
}

/** Null once it was looked at for good; else what to look at again, and why. */
async function lookOnce(
  round: Round,
  { suspect, timesAsked }: Candidate,
): Promise<Readonly<{ candidate: Candidate; reason: string }> | null> {
  const { options, looked } = round;
  const { orderId, besides } = suspect;
  try {
    const look = await lookAtOrder(options, orderId, besides);
    const silent = silenceOf(round, look);
    const [first] = silent;
    const asked = timesAsked + (silent.some(({ isAsked }) => isAsked) ? 1 : 0);
    if (first !== undefined && asked < ASKED_MAX)
      return { candidate: { suspect, timesAsked: asked }, reason: `${first.provider}: ${first.reason}` };
    await settle(round, suspect, look, silent);
  } catch (error) {
    if (faultKind(error) !== 'decision') throw error;
    options.logger.error({ orderId, err: error }, 'an order cannot be compared');
    looked.passedOver.push(orderId);
  }
  return null;
}

/**
 * Looks closely at each suspect and heals what can be healed: a page is older than our record of it, so that most of what seems to
 * differ is only news. What stays without an answer though it was asked for is a difference of its own, and stops nobody: only a
 * provider that takes no reads at all does. `of` is the provider whose report it is; null where any may be asked.
 */
export async function lookClosely(
  options: PageOptions,
  suspects: readonly Suspect[],
  of: PaymentProvider | null,
): Promise<Looked | Unfinished> {
  const looked: Looked = { breaks: [], passedOver: [] };
  const round: Round = { options, of, looked };
  let left = suspects.map((suspect): Candidate => ({ suspect, timesAsked: 0 }));
  let reason = '';
  for (let rounds = 0; left.length > 0; rounds += 1) {
    if (rounds >= ROUNDS_MAX) return { kind: 'unanswered', reason };
    if (rounds > 0) await pause(options);
    const again: Candidate[] = [];
    for (const candidate of left) {
      if (options.isStopped()) return { kind: 'stopped' };
      const unsettled = await lookOnce(round, candidate);
      if (unsettled === null) continue;
      again.push(unsettled.candidate);
      reason = unsettled.reason;
    }
    // Those that were asked in vain come last: they may open the breaker in front of the others.
    left = again.toSorted((one, other) => one.timesAsked - other.timesAsked);
  }
  return looked;
}
