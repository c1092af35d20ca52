import type { KeyVerdict } from '@crossdock/event-store';
import type { Refusal } from '@crossdock/values';
import type { BrokenClaim } from '../domain/adjustment.ts';

/** What became of one row: booked unless it was refused, and whose units it cost. */
export type StockRowResult = Readonly<{ broken: readonly BrokenClaim[]; refusals: readonly Refusal[] }>;
/** `results` has one entry for each row; `refusals` are those of the request as a whole. */
export type StockRowsAnswer = Readonly<{
  verdict: KeyVerdict;
  refusals: readonly Refusal[];
  results: readonly StockRowResult[];
  /** False where no row was booked. */
  isBooked: boolean;
}>;
export type StockRowsResult = Pick<StockRowsAnswer, 'results' | 'isBooked'>;

export const booked: StockRowResult = { broken: [], refusals: [] };

/** True when the refused rows keep all of them from being booked. */
export function keepsAll(
  refusals: readonly (readonly Refusal[])[],
  errorPolicy: 'REJECT_ALL' | 'REJECT_ROWS',
): boolean {
  const refused = refusals.filter((each) => each.length > 0).length;
  return refused > 0 && (errorPolicy === 'REJECT_ALL' || refused === refusals.length);
}

/** The answer where refused rows kept all of them from being booked. */
export function noneBooked(refusals: readonly (readonly Refusal[])[]): StockRowsResult {
  return { isBooked: false, results: refusals.map((each) => ({ broken: [], refusals: each })) };
}

/** What is kept under the key of a request that was booked: its rows' results, as short as they can be told. */
export function storedResults(results: readonly StockRowResult[]): string {
  return JSON.stringify(
    results.map(({ broken, refusals }) => [
      broken.map(({ quantity, orderId, holdId }) => [quantity, orderId, holdId]),
      refusals,
    ]),
  );
}

/** Reads what `storedResults` wrote. */
export function readResults(stored: string): StockRowsResult {
  // Written by storedResults under this very key and input.
  const rows = JSON.parse(stored) as [[number, string | null, string | null][], Refusal[]][];
  return {
    isBooked: true,
    results: rows.map(([broken, refusals]) => ({
      broken: broken.map(([quantity, orderId, holdId]) => ({ quantity, orderId, holdId })),
      refusals,
    })),
  };
}
