import { BrokenCircuitError, BulkheadRejectedError } from '@crossdock/resilience';
import { z } from 'zod';
import type { ProviderAnswer, ProviderAuthorisation, ProviderReport, RefundRequest } from '../ports.ts';
import { codeAmong, isUntold, type NoteUntold, toldAs } from './told-reasons.ts';

const STATUS = {
  requires_confirmation: 'REQUIRES_CONFIRMATION',
  authorised: 'AUTHORISED',
  declined: 'DECLINED',
  voided: 'VOIDED',
  expired: 'EXPIRED',
  captured: 'CAPTURED',
} as const;

const reference = z.object({
  orderId: z.string(),
  purpose: z.string(),
  epoch: z.int().nullish(),
  instance: z.string().nullish(),
});
const part = { id: z.string(), amountMinor: z.int(), reference };

const authorisation = z.object({
  id: z.string().min(1),
  status: z.enum(['requires_confirmation', 'authorised', 'declined', 'voided', 'expired', 'captured']),
  amountMinor: z.int(),
  currencyCode: z.string(),
  declineCode: z.string().nullish(),
  reference,
  expiresAt: z.string().nullish(),
  captures: z.array(z.object({ ...part, refunds: z.array(z.object(part)) })),
});
const report = z.object({ authorizations: z.array(authorisation), next: z.string().nullable() });

const problem = z.object({ code: z.string() });

/** Bytes of the longest answer that is read: a page of the report. */
export const ANSWER_MAX_BYTES = 8 * 1024 * 1024;

/** The provider did nothing with the request and may take it later: too many requests, or our key is not accepted. */
const NOT_TAKEN = new Set([401, 403, 429]);
const KEY_REFUSED = new Set<number | undefined>([401, 403]);
/** The state is not what we think, or a twin is running: only a read tells what stands. */
const CONFLICT = 409;
const REQUEST_TIMEOUT = 408;
const SERVER_FAULT_FROM = 500;
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']);

/** True for a status by which a provider says that it does not accept our key. */
export function isKeyRefused(statusCode: number | undefined): boolean {
  return KEY_REFUSED.has(statusCode);
}

/** A fault of the provider or the way to it: what breakers and retries count. `mayBeDone` is false when it certainly did nothing. */
export class ProviderFault extends Error {
  override name = 'ProviderFault';
  readonly mayBeDone: boolean;
  /** True where the provider is well, and does not accept our key. */
  readonly isOurs: boolean;

  constructor(reason: string, mayBeDone: boolean, isOurs = false) {
    super(reason);
    this.mayBeDone = mayBeDone;
    this.isOurs = isOurs;
  }
}

type Part = z.infer<z.ZodObject<typeof part>>;

const partOf = ({ id, amountMinor, reference: { instance } }: Part) => ({
  id,
  amountMinor,
  instance: instance ?? '',
});

function authorisationOf(shown: z.infer<typeof authorisation>): ProviderAuthorisation {
  const { id, status, amountMinor, currencyCode, declineCode, expiresAt, captures } = shown;
  const { orderId, purpose, epoch, instance } = shown.reference;
  return {
    ...{ id, status: STATUS[status], amountMinor, currencyCode },
    declineReason: declineCode == null ? null : toldAs(codeAmong(declineCode)),
    reference: { orderId, purpose, epoch: epoch ?? 0, instance: instance ?? '' },
    expiresAt: expiresAt ?? null,
    captures: captures.map((capture) => ({ ...partOf(capture), refunds: capture.refunds.map(partOf) })),
  };
}

/** Reads an authorisation as the provider shows it; throws on anything else. */
export function readAuthorisation(body: unknown, noteUntold: NoteUntold): ProviderAuthorisation {
  const shown = authorisation.parse(body);
  const { id, declineCode: code, reference } = shown;
  if (code != null && isUntold(code)) noteUntold(code, { authorisationId: id, orderId: reference.orderId });
  return authorisationOf(shown);
}

/** Reads a page of the provider's report; throws on anything else. */
export function readReport(body: unknown): ProviderReport {
  const { authorizations, next } = report.parse(body);
  return { authorisations: authorizations.map(authorisationOf), next };
}

/**
 * Reads a capture or a refund as the provider answers it; throws on anything that does not name what was asked: it came from
 * something on the way, or is about something else, so that only a read can tell what was done.
 */
export function readMoved(
  body: unknown,
  { amountMinor, currencyCode, reference: { orderId, instance } }: RefundRequest,
): null {
  const asked = z.object({ orderId: z.literal(orderId), instance: z.literal(instance) });
  const amount = { amountMinor: z.literal(amountMinor), currencyCode: z.literal(currencyCode) };
  z.object({ id: z.string().min(1), ...amount, reference: asked }).parse(body);
  return null;
}

/** What answers a release: an authorisation that still may be taken from was not released. */
export function releaseOf(
  answer: ProviderAnswer<ProviderAuthorisation>,
): ProviderAnswer<ProviderAuthorisation> {
  if (answer.kind !== 'done') return answer;
  const { status } = answer.value;
  const mayBeTaken = status === 'AUTHORISED' || status === 'REQUIRES_CONFIRMATION';
  return mayBeTaken ? { kind: 'unknown', reason: `answered as ${status}` } : answer;
}

/** An answer that is no success: a refusal is returned, a fault is thrown. */
export function readRefusal(
  statusCode: number,
  body: unknown,
  noteUntold: NoteUntold,
): ProviderAnswer<never> {
  if (NOT_TAKEN.has(statusCode))
    throw new ProviderFault(`HTTP ${statusCode}`, false, isKeyRefused(statusCode));
  if (statusCode >= SERVER_FAULT_FROM) throw new ProviderFault(`HTTP ${statusCode}`, true);
  const { code } = problem.safeParse(body).data ?? {};
  // Whoever gives no code is not the provider but something on the way, which may have let the request pass.
  if (statusCode === REQUEST_TIMEOUT || code === undefined)
    throw new ProviderFault(`HTTP ${statusCode}`, true);
  if (isUntold(code)) noteUntold(code, {});
  return { kind: statusCode === CONFLICT ? 'unknown' : 'refused', reason: toldAs(codeAmong(code)) };
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/**
 * True for what says that the provider or the way to it is not well, which breakers and retries count: time-outs, connections that
 * fail, HTTP 5xx, and 429, by which it sheds load. No answer is one, such as a decline; nor is one that we cannot read.
 */
export function isProviderFault(error: unknown): boolean {
  if (error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError) return false;
  if (error instanceof z.ZodError) return false;
  return !(error instanceof ProviderFault && error.isOurs);
}

/** Partners read it: that our key is at fault is for operators, who find it in the log. */
const NOT_SERVED = 'the provider takes no requests at the moment';

/** What a call that threw may have done. Only names and codes are kept: a message might quote the request. */
export function answerOfFault(error: unknown): ProviderAnswer<never> {
  if (error instanceof BrokenCircuitError) return { kind: 'not-sent', reason: 'breaker open' };
  if (error instanceof BulkheadRejectedError) return { kind: 'not-sent', reason: 'too many calls at once' };
  if (error instanceof ProviderFault && error.isOurs) return { kind: 'turned-away', reason: NOT_SERVED };
  if (error instanceof ProviderFault)
    return { kind: error.mayBeDone ? 'unknown' : 'turned-away', reason: error.message };
  const code = codeOf(error);
  if (NEVER_CONNECTED.has(code)) return { kind: 'not-sent', reason: code };
  return { kind: 'unknown', reason: code || (error instanceof Error ? error.name : 'fault') };
}
