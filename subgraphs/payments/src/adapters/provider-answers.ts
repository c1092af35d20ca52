import { BrokenCircuitError, BulkheadRejectedError } from '@crossdock/resilience';
import { z } from 'zod';
import type { ProviderAnswer, ProviderAuthorisation } from '../ports.ts';

const STATUS = {
  requires_confirmation: 'REQUIRES_CONFIRMATION',
  authorised: 'AUTHORISED',
  declined: 'DECLINED',
  voided: 'VOIDED',
  captured: 'CAPTURED',
} as const;

const authorisation = z.object({
  id: z.string().min(1),
  status: z.enum(['requires_confirmation', 'authorised', 'declined', 'voided', 'captured']),
  declineCode: z.string().nullish(),
  captures: z.array(z.object({ reference: z.object({ instance: z.string().nullish() }) })),
});

const problem = z.object({ code: z.string() });

/** The provider did nothing with the request and may take it later: too many requests, or our key is not accepted. */
const NOT_TAKEN = new Set([401, 403, 429]);
/** The state is not what we think, or a twin is running: only a read tells what stands. */
const CONFLICT = 409;
const SERVER_FAULT_FROM = 500;
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']);

/** A fault of the provider or the way to it: what breakers and retries count. `sent` is false when nothing was done. */
export class ProviderFault extends Error {
  override name = 'ProviderFault';
  readonly sent: boolean;

  constructor(reason: string, sent: boolean) {
    super(reason);
    this.sent = sent;
  }
}

/** Reads an authorisation as the provider shows it; throws on anything else. */
export function readAuthorisation(body: unknown): ProviderAuthorisation {
  const { id, status, declineCode, captures } = authorisation.parse(body);
  const capturedInstances = captures.flatMap(({ reference }) => reference.instance ?? []);
  return { id, status: STATUS[status], declineReason: declineCode ?? null, capturedInstances };
}

/** An answer that is no success: a refusal is returned, a fault is thrown. */
export function readRefusal(statusCode: number, body: unknown): ProviderAnswer<never> {
  if (NOT_TAKEN.has(statusCode)) throw new ProviderFault(`HTTP ${statusCode}`, false);
  if (statusCode >= SERVER_FAULT_FROM) throw new ProviderFault(`HTTP ${statusCode}`, true);
  const code = problem.safeParse(body).data?.code ?? `HTTP ${statusCode}`;
  return { kind: statusCode === CONFLICT ? 'unknown' : 'refused', reason: code };
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** What a call that threw may have done. Only names and codes are kept: a message might quote the request. */
export function answerOfFault(error: unknown): ProviderAnswer<never> {
  if (error instanceof BrokenCircuitError) return { kind: 'not-sent', reason: 'breaker open' };
  if (error instanceof BulkheadRejectedError) return { kind: 'not-sent', reason: 'too many calls at once' };
  if (error instanceof ProviderFault)
    return { kind: error.sent ? 'unknown' : 'not-sent', reason: error.message };
  const code = codeOf(error);
  if (NEVER_CONNECTED.has(code)) return { kind: 'not-sent', reason: code };
  return { kind: 'unknown', reason: code || (error instanceof Error ? error.name : 'fault') };
}
