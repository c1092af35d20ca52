import postgres from 'postgres';
import { isLogClosed } from './log-gate.ts';
import { COMMIT_UNPROVEN } from './unproven-commit.ts';

/** A guard or version was lost to somebody else: decide again on fresh rows. */
export const GUARD_LOST = 'CD002';
/** The offsets moved or the lease is another's: stop writing, read the offsets again. */
export const LEASE_LOST = 'CD001';
/** A dry run came to its end: all of it would have been committed, and none of it was. */
export const DRY_RUN = 'CD003';

// Classes of SQLSTATE that say nothing of the data: connection, resources, operator, system, and transaction rollback.
const INFRASTRUCTURE_CLASSES = new Set(['08', '40', '53', '55', '57', '58', 'XX']);
const CONNECTION_CODES = new Set([
  COMMIT_UNPROVEN,
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

export type FaultKind = 'guard-lost' | 'lease-lost' | 'dry-run' | 'infrastructure' | 'decision';

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** The query builder of the read models wraps the driver's error. */
function innermost(error: unknown): unknown {
  return error instanceof Error && codeOf(error) === '' && error.cause instanceof Error ? error.cause : error;
}

/** What to do about an error of a call: decide again, give up the lease, wait and retry, or bisect to the poison. */
export function faultKind(wrapped: unknown): FaultKind {
  const error = innermost(wrapped);
  const code = codeOf(error);
  if (code === GUARD_LOST) return 'guard-lost';
  if (code === LEASE_LOST) return 'lease-lost';
  if (code === DRY_RUN) return 'dry-run';
  // A closed log says nothing of the events that were to be appended: they wait until it is open.
  if (isLogClosed(error)) return 'infrastructure';
  if (error instanceof postgres.PostgresError) {
    return INFRASTRUCTURE_CLASSES.has(code.slice(0, 2)) ? 'infrastructure' : 'decision';
  }
  return CONNECTION_CODES.has(code) ? 'infrastructure' : 'decision';
}

/** The name of the constraint an error tells of, or ''. */
export function constraintOf(error: unknown): string {
  return error instanceof postgres.PostgresError ? (error.constraint_name ?? '') : '';
}
