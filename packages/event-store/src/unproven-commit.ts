/** The code of a commit that stands on the primary and perhaps nowhere else. */
export const COMMIT_UNPROVEN = 'COMMIT_UNPROVEN';

/** Where PostgreSQL waits for its standbys (src/backend/replication/syncrep.c). */
const WAITING_ROUTINE = 'SyncRepWaitForLSN';

/**
 * Whoever cancels a wait for the standbys makes PostgreSQL report success, with a warning beside it that the transaction might
 * not have been replicated. Such a commit is unknown, never success: thrown within the driver's handler of warnings, this
 * rejects the statement as a fault of infrastructure.
 */
export function refuseUnprovenCommit(notice: Readonly<{ routine?: string }>): void {
  if (notice.routine !== WAITING_ROUTINE) return;
  const error = new Error('The commit was not confirmed by a standby; whether it lasts is unknown');
  throw Object.assign(error, { code: COMMIT_UNPROVEN });
}
