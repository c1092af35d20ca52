// How a rule book is written and tried: decide and evolve, and an exact given/when/then. Pure.
export * from './decider.ts';
export * from './specification.ts';
