import { Redis } from 'ioredis';

/** Milliseconds the hint lives without renewal, and a command may take. */
const HINT_TTL_MS = 3_000;
const COMMAND_TIMEOUT_MS = 100;

/**
 * A lock in Redis that only makes take-over quick: its holder tries for the Postgres lease at once, others wait a
 * second. A lost, doubled or lying lock costs time, never correctness.
 */
export type LockHint = Readonly<{
  hold: () => Promise<boolean>;
  letGo: () => Promise<void>;
  close: () => void;
}>;

const HOLD = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const LET_GO = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** `hold` takes or renews the lock and answers whether it is ours; with Redis away it answers false. */
export function createLockHint(url: string, key: string, owner: string): LockHint {
  const redis = new Redis(url, {
    lazyConnect: false,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(attempt * 200, 2_000),
  });
  // Without a listener a lost connection would end the process; `hold` already answers false then.
  redis.on('error', () => undefined);
  return {
    hold: async () => {
      const held = await redis.eval(HOLD, 1, key, owner, HINT_TTL_MS).catch(() => 0);
      return held === 1;
    },
    letGo: async () => {
      await redis.eval(LET_GO, 1, key, owner).catch(() => undefined);
    },
    close: () => redis.disconnect(),
  };
}
