// Redis as a hint, bounded retry, breakers for calls that leave the process. Nothing here is a source of truth.
export * from './backoff.ts';
export * from './drain.ts';
export * from './lock-hint.ts';
export * from './looks.ts';
export * from './measured-timeout.ts';
export * from './policy.ts';
export * from './retry-budget.ts';
