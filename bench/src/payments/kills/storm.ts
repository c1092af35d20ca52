// Kills payments again and again, each time while a call of a chosen kind is held at the provider, and starts it anew.
import { setTimeout as sleep } from 'node:timers/promises';
import { leaseHolder, processOf } from '../../stage/pipeline.ts';
import { type How, isEnough, nextHow, nextStep, STEPS, type StepCount, stepName } from './steps.ts';
import { type KillStage, setTrigger, type Trigger } from './triggers.ts';

/** The whole storm ends by then, whatever it has come to. */
const STORM_MS_MAX = 10 * 60_000;
/** A lease of the dead runs out and is taken, then a call of the kind has to become due. */
const CALL_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;
const PULL_EVERY_MS = 1_000;
/** Rounds in which no call came are repeated, within reason. */
const EMPTY_ROUNDS_MAX = 60;
const CAUGHT_MAX = 3;

export interface Storm {
  readonly steps: readonly StepCount[];
  readonly kills: number;
  /** Rounds that do not count: no call was in flight. */
  readonly empty: number;
  /** Why it ended early; null when it did not. */
  readonly cutShort: string | null;
}

export interface StormOptions {
  readonly stage: KillStage;
  readonly kills: number;
  readonly signal: AbortSignal;
  readonly onRound: (done: number, wanted: number, step: string) => void;
}

/** Resolves when payments was killed often enough at every step, or time is up; it is running then. */
export async function runStorm({ stage, kills, signal, onRound }: StormOptions): Promise<Storm> {
  const until = performance.now() + STORM_MS_MAX;
  const counts = STEPS.map((step) => ({ ...step, kills: 0, wentOn: 0, dropped: 0 }));
  let done = 0;
  let empty = 0;
  const storm = (cutShort: string | null): Storm => ({ steps: counts, kills: done, empty, cutShort });
  while (!isEnough(counts, kills)) {
    if (signal.aborted) return storm('stopped');
    if (performance.now() > until) return storm(`not done within ${STORM_MS_MAX / 60_000} min`);
    if (empty > EMPTY_ROUNDS_MAX) return storm(`${empty} rounds without a call in flight`);
    const step = nextStep(counts, stage.draw);
    onRound(done, kills, stepName(step));
    const how = await round(stage, step);
    if (how === null) {
      empty += 1;
      continue;
    }
    done += 1;
    // The counts are this function's own until they are handed out.
    const count = counts.find(({ operation, phase }) => operation === step.operation && phase === step.phase);
    if (count === undefined) continue;
    count.kills += 1;
    count[how === 'go-on' ? 'wentOn' : 'dropped'] += 1;
  }
  return storm(null);
}

/** One kill; answers what became of the held calls, or null when none was in flight. */
async function round(stage: KillStage, step: StepCount): Promise<How | null> {
  const { cluster, provider, draw } = stage;
  const victim = processOf(cluster, await leaseHolder(cluster, 'payments'));
  const { operation, phase } = step;
  await provider.holdAt({ operation, phase, count: 1 + Math.floor(draw() * CAUGHT_MAX) });
  const trigger = await setTrigger(stage, step);
  const isInFlight = await caught(stage, trigger);
  const how = nextHow(step, draw);
  const isReleasedFirst = draw() < 0.5;
  if (isInFlight) await victim.kill();
  await trigger.undo();
  // What is held goes on after the death of whoever asked, with or without a successor.
  if (isReleasedFirst || !isInFlight) await provider.release(isInFlight ? how : 'go-on');
  if (!isInFlight) return null;
  await victim.start();
  if (!isReleasedFirst) await provider.release(how);
  return how;
}

/** Pulls the trigger until the gate has caught a call. */
async function caught({ provider }: KillStage, { pull }: Trigger): Promise<boolean> {
  const until = performance.now() + CALL_WITHIN_MS;
  let pulledAt = Number.NEGATIVE_INFINITY;
  while (performance.now() < until) {
    if ((await provider.held()) > 0) return true;
    if (performance.now() - pulledAt > PULL_EVERY_MS) {
      pulledAt = performance.now();
      await pull();
    }
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}
