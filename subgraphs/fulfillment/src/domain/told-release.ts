/** Milliseconds before a release is told again: doubling from the first to the cap, with full jitter. */
const WAIT_BASE_MS = 500;
const WAIT_CAP_MS = 30_000;
/** A warehouse that rejects a release this often needs a person: two to three minutes by then. */
export const REJECTIONS_MAX = 10;
/** Who looks at releases that a WMS refuses for good. */
export const REFUSAL_OWNER = 'warehouse operations';

/** What became of telling a release: accepted, to be told again after `waitMs`, or left to its owner. */
export type Outcome = Readonly<{ outcome: string; accepted: boolean; waitMs: number; owner: string | null }>;

/** Doubling window with full jitter; `drawn` lies in 0..1. */
export function waitMs(tries: number, drawn: number): number {
  return Math.ceil(drawn * Math.min(WAIT_CAP_MS, WAIT_BASE_MS * 2 ** Math.min(tries, 16)));
}

/** Nothing is known of the release: the WMS may have heard it, so it is told the same again. */
export function unanswered(why: string, sends: number, drawn: number): Outcome {
  return { outcome: why, accepted: false, waitMs: waitMs(sends, drawn), owner: null };
}

/** `sends` counts the tries before this one. Only a REJECTED release may be told again; the other refusals are final. */
export function answered(
  result: 'ACCEPTED' | 'ALREADY_ACCEPTED' | 'REFUSED',
  reason: string | null,
  sends: number,
  drawn: number,
): Outcome {
  if (result !== 'REFUSED') return { outcome: result, accepted: true, waitMs: 0, owner: null };
  const outcome = reason ?? 'REFUSED';
  if (reason === 'REJECTED' && sends + 1 < REJECTIONS_MAX) return unanswered(outcome, sends, drawn);
  return { outcome, accepted: false, waitMs: 0, owner: REFUSAL_OWNER };
}
