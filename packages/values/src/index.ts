// Values every part of Crossdock agrees on: money, texts, refusals. Pure: no I/O, no clock, no randomness.
export * from './currencies.ts';
export * from './error-codes.ts';
export * from './invariant.ts';
export * from './money.ts';
export * from './texts.ts';
export * from './unquoted.ts';
