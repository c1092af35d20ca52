// From orders of a page that seem to differ to what differs: each is looked at by itself, and none keeps the others from it.
import { faultKind, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import { compareUnreadable, notCompared } from '../domain/compare-unreadable.ts';
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
/**
 * Rounds of looks at a page: four minutes. Each finds at least one authorisation out that opens the breaker in front of the others,
 * while its provider answers at all.
 */
const ROUNDS_MAX = 40;
/** Rounds at most while nothing shows that a provider answers, and rounds in a row in which it was asked for nothing. */
const ROUNDS_SILENT_MAX = 8;
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

/**
 * A suspect in one of the rounds: in how many of them its provider was asked in vain, for which authorisations, and what had no answer
 * in the last of them.
 */
type Candidate = Readonly<{
  suspect: Suspect;
  timesAsked: number;
  asked: readonly UnansweredRead[];
  silent: readonly UnansweredRead[];
}>;
type Looked = Readonly<{ breaks: FoundBreak[]; passedOver: string[] }>;
/** `answered` has an authorisation of each provider that said what it is, by the provider's name. */
type Page = Readonly<{
  options: PageOptions;
  of: PaymentProvider | null;
  looked: Looked;
  answered: Map<string, string>;
}>;

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
  asked: readonly UnansweredRead[],
): Promise<PaymentBreak[]> {
  if (asked.length === 0) return [];
  const [stored] = await loadPayments(sql, [orderId]);
  const money = { orderId, payment: stored?.state ?? null };
  return asked.map((each) => {
    const onPage = shown.find(({ provider, id }) => provider === each.provider && id === each.id);
    return compareUnreadable(money, each, onPage);
  });
}

/** What of a look's silence counts: of a report's page only its own provider, as the others have pages of their own. */
function silenceOf({ of }: Page, look: OrderLook): readonly UnansweredRead[] {
  if (look.kind === 'moved') return [];
  return look.unanswered.filter(({ provider }) => of === null || provider === of.name);
}

async function settle(
  { options, looked }: Page,
  suspect: Suspect,
  look: OrderLook,
  asked: readonly UnansweredRead[],
): Promise<void> {
  if (look.kind !== 'seen') looked.passedOver.push(suspect.orderId);
  if (look.kind === 'moved') return;
  const breaks = [...look.breaks, ...(await unreadableOf(options, suspect, asked))];
  looked.breaks.push(...(await healBreaks(options, breaks)));
}

/** What of a silence was asked for, in this round or before. */
function askedInVain({ asked }: Candidate, silent: readonly UnansweredRead[]): UnansweredRead[] {
  return silent.flatMap((each) =>
    each.isAsked ? [each] : asked.filter(({ provider, id }) => provider === each.provider && id === each.id),
  );
}

async function lookAgain(page: Page, candidate: Candidate, isLast: boolean): Promise<Candidate | null> {
  const { suspect } = candidate;
  const look = await lookAtOrder(page.options, suspect.orderId, suspect.besides);
  const answered = look.kind === 'moved' ? [] : look.answered;
  for (const { provider, id } of answered) page.answered.set(provider, id);
  const silent = silenceOf(page, look);
  const asked = askedInVain(candidate, silent);
  const timesAsked = candidate.timesAsked + (silent.some(({ isAsked }) => isAsked) ? 1 : 0);
  if (silent.length > 0 && timesAsked < ASKED_MAX && !isLast) return { suspect, timesAsked, asked, silent };
  await settle(page, suspect, look, asked);
  return null;
}

/** Null once it was looked at for good, as it is in the last round; else what to look at again. */
async function lookOnce(page: Page, candidate: Candidate, isLast: boolean): Promise<Candidate | null> {
  const { orderId } = candidate.suspect;
  try {
    return await lookAgain(page, candidate, isLast);
  } catch (error) {
    if (faultKind(error) !== 'decision') throw error;
    page.options.logger.error({ orderId, err: error }, 'an order cannot be compared');
    page.looked.breaks.push({ found: notCompared(orderId), healed: null });
    page.looked.passedOver.push(orderId);
    return null;
  }
}

/** What to look at again, those that were asked in vain last: they may open the breaker in front of the others. Null once the process stops. */
async function lookRound(
  page: Page,
  left: readonly Candidate[],
  isLast: boolean,
): Promise<readonly Candidate[] | null> {
  const again: Candidate[] = [];
  for (const candidate of left) {
    if (page.options.isStopped()) return null;
    const unsettled = await lookOnce(page, candidate, isLast);
    if (unsettled !== null) again.push(unsettled);
  }
  return again.toSorted((one, other) => one.timesAsked - other.timesAsked);
}

/** A provider whose report was just read answers, as does one that told of another authorisation of this page. */
function roundsMaxOf({ of, answered }: Page, left: readonly Candidate[]): number {
  const answers = (name: string) => name === of?.name || answered.has(name);
  const all = left.flatMap(({ silent }) => silent);
  return all.every(({ provider }) => answers(provider)) ? ROUNDS_MAX : ROUNDS_SILENT_MAX;
}

/**
 * Why what is left has no answer because its provider takes no reads: what it told of before is asked for again. Null where it tells
 * of that, so that each of those that are left is silent by itself.
 */
async function whyDown({ options, answered }: Page, left: readonly Candidate[]): Promise<string | null> {
  const byProvider = new Map(left.flatMap(({ silent }) => silent.map((each) => [each.provider, each])));
  for (const { provider, reason } of byProvider.values()) {
    const id = answered.get(provider);
    const answer = id === undefined ? undefined : await options.providers.named(provider)?.read(id);
    if (answer?.kind === 'done' || answer?.kind === 'refused') continue;
    return `${provider}: ${answer?.reason ?? reason}`;
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
  const page: Page = { options, of, looked: { breaks: [], passedOver: [] }, answered: new Map() };
  let left: readonly Candidate[] = suspects.map((suspect) => ({
    ...{ suspect, timesAsked: 0, asked: [], silent: [] },
  }));
  let idle = 0;
  for (let rounds = 0; left.length > 0; rounds += 1) {
    if (rounds > 0) await pause(options);
    if (options.isStopped()) return { kind: 'stopped' };
    const isLast = idle >= ROUNDS_SILENT_MAX || rounds >= roundsMaxOf(page, left);
    const reason = isLast ? await whyDown(page, left) : null;
    if (reason !== null) return { kind: 'unanswered', reason };
    if (isLast) options.logger.warn({ orders: left.length }, 'orders of a page are left without an answer');
    const again = await lookRound(page, left, isLast);
    if (again === null) return { kind: 'stopped' };
    const isAsked = again.some(({ silent }) => silent.some((each) => each.isAsked));
    idle = isAsked || again.length < left.length ? 0 : idle + 1;
    left = again;
  }
  return page.looked;
}
