// The ways a feed ends before its client leaves, each with a code. The first counts.
import type { PublicCode } from '../http/public-errors.ts';

const TIMER_MS_MAX = 2 ** 31 - 1;

export type FeedEnd = Readonly<{
  /** Aborted when the feed is over or its client gone. */
  signal: AbortSignal;
  code: () => PublicCode | null;
  end: (code: PublicCode) => void;
  release: () => void;
}>;

/** Ends with the token, in seconds since 1970, and whenever `end` is called; `client` says that nobody listens. */
export function createFeedEnd(tokenExpiresAt: number, client: AbortSignal): FeedEnd {
  const over = new AbortController();
  let code: PublicCode | null = null;
  const end = (why: PublicCode) => {
    code ??= why;
    over.abort();
  };
  const left = Math.min(Math.max(tokenExpiresAt * 1_000 - Date.now(), 0), TIMER_MS_MAX);
  const expiry = setTimeout(() => end('SUBSCRIPTION_JWT_EXPIRED'), left);
  const gone = () => over.abort();
  if (client.aborted) gone();
  client.addEventListener('abort', gone, { once: true });
  return {
    signal: over.signal,
    code: () => code,
    end,
    release: () => {
      clearTimeout(expiry);
      client.removeEventListener('abort', gone);
    },
  };
}
