// Where in a payment's life its process is killed: while a call is held before or after the provider does what it asks.
import { PROVIDER_OPERATIONS, type ProviderOperation } from '../../stage/provider-control.ts';

export interface Step {
  readonly operation: ProviderOperation;
  readonly phase: 'before' | 'after';
}

/** How often payments was killed at a step, and what became of the calls that were held then. */
export interface StepCount extends Step {
  readonly kills: number;
  readonly wentOn: number;
  readonly dropped: number;
}

export const STEPS: readonly Step[] = PROVIDER_OPERATIONS.flatMap((operation) =>
  (['before', 'after'] as const).map((phase) => ({ operation, phase })),
);

/** What has been stored by then, and what has not: a call held at one end is a step of payments at the other. */
const MEANING: Readonly<Record<ProviderOperation, Readonly<Record<Step['phase'], string>>>> = {
  create: { before: 'intent stored, nothing created', after: 'created, id not stored' },
  confirm: { before: 'id stored, not confirmed', after: 'card asked, answer not settled' },
  read: { before: 'outcome unknown, not asked for', after: 'outcome answered, not settled' },
  capture: { before: 'capture asked, nothing taken', after: 'money taken, not settled' },
  void: { before: 'release asked, nothing released', after: 'released, not settled' },
  refund: { before: 'refund asked, nothing given back', after: 'given back, not settled' },
};

export const stepName = ({ operation, phase }: Step) => `${phase} ${operation}: ${MEANING[operation][phase]}`;

/** The step that was hit least so far; by chance among several. */
export function nextStep(counts: readonly StepCount[], draw: () => number): StepCount {
  const least = Math.min(...counts.map(({ kills }) => kills));
  const candidates = counts.filter(({ kills }) => kills === least);
  const chosen = candidates[Math.floor(draw() * candidates.length)];
  if (chosen === undefined) throw new Error('there is no step to choose');
  return chosen;
}

export type How = 'go-on' | 'drop';

/** What becomes of the held calls: at each step both in turn, the first by chance. */
export function nextHow({ wentOn, dropped }: StepCount, draw: () => number): How {
  if (wentOn !== dropped) return wentOn < dropped ? 'go-on' : 'drop';
  return draw() < 0.5 ? 'go-on' : 'drop';
}

const LEAST_AT_STEP = 5;
/** So many kills are spread over the steps before each has to have its five. */
const KILLS_FOR_ALL = 50;

/** How often each step must be hit: five times in a storm of fifty kills or more, in proportion in a smaller one. */
export function leastAtStep(kills: number): number {
  return Math.max(1, Math.min(LEAST_AT_STEP, Math.floor((LEAST_AT_STEP * kills) / KILLS_FOR_ALL)));
}

/** True when there were enough kills, and enough at every step. */
export function isEnough(counts: readonly StepCount[], kills: number): boolean {
  const sum = counts.reduce((total, count) => total + count.kills, 0);
  return sum >= kills && counts.every((count) => count.kills >= leastAtStep(kills));
}
