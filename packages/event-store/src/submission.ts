import { createHash } from 'node:crypto';

/** What stands under an idempotency key when a request arrives. */
export type KeyVerdict = 'NEW' | 'REPLAYED' | 'KEY_REUSED' | 'IN_FLIGHT';

/** Milliseconds a request waits for its running twin, and between looks. */
const TWIN_WAIT_MS = 5_000;
const TWIN_POLL_MS = 50;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined && entry !== null);
  return Object.fromEntries(
    entries.sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, entry]) => [key, sorted(entry)]),
  );
}

/**
 * SHA-256 of an input's canonical JSON: keys sorted, absent and null alike. Leave out what does not change the effect, and give amounts
 * and ids in the form in which the API tells them (`canonicalMoney`, `canonicalId`): a client may write them otherwise the next time.
 */
export function fingerprint(input: object): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(input)))
    .digest('base64url');
}

/** Asks again while the verdict is IN_FLIGHT, up to 5 s, holding no connection; then answers the last verdict. */
export async function awaitTwin<Verdict>(
  attempt: () => Promise<Verdict>,
  isInFlight: (verdict: Verdict) => boolean,
): Promise<Verdict> {
  const until = performance.now() + TWIN_WAIT_MS;
  for (;;) {
    const verdict = await attempt();
    if (!isInFlight(verdict) || performance.now() >= until) return verdict;
    await new Promise((resolve) => setTimeout(resolve, TWIN_POLL_MS));
  }
}
