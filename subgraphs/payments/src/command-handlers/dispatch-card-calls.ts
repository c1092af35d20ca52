import { faultKind, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import type { OpenCardToken, Poke, Providers } from '../ports.ts';
import { claimCalls, rebindCall, takeOverCalls } from '../store/card-calls.ts';
import { loadPayments } from '../store/payment-rows.ts';
import { type CardDesk, type CardTask, postpone } from './card-desk.ts';
import { takeCardStep } from './card-steps.ts';
import { createSettle } from './settle-card-calls.ts';

/** Calls at once. */
const IN_FLIGHT_MAX = 32;
/** Longer than the longest way through create, store, read and confirm, so that a claim ends only with its process. */
const CLAIM_MS = 90_000;
/** The longest call takes less: what is asked within the rest of a claim is answered within it. */
const CALL_MS = 10_000;
/** Without a wake-up (the time of a retry has come) the table is looked at this often. */
const POLL_MS = 300;
/** An orderly stop waits this long for calls that are out; what stays unanswered is found out by the next process. */
const STOP_MS = 4_000;
/** What stands beside a call whose step threw: the error is for the log alone. */
const FAULT_OF_OURS = 'it could not be made for a fault of ours';

export type CardDispatcherOptions = Readonly<{
  sql: Sql;
  providers: Providers;
  openCardToken: OpenCardToken;
  logger: Logger;
  poke: Poke;
  /** How long a call is tried, in milliseconds, before a person must act. */
  patienceMs: number;
  /** Of the code, for dead letters. */
  codeVersion: string;
  /** Hears of keys that were parked: the worker that replays their letters must know. */
  onParked: (keys: readonly string[]) => void;
  /** Only the process that holds the worker lease asks the provider, and writes under its epoch. */
  leaseEpoch: () => number | null;
}>;

export type CardDispatcher = Readonly<{
  /** Says that a call was queued, so that the table is looked at now. */
  wake: () => void;
  stop: () => Promise<void>;
}>;

type Dispatch = {
  readonly options: CardDispatcherOptions;
  readonly desk: CardDesk;
  readonly inFlight: Set<Promise<void>>;
  /** The lease under which claims of earlier holders were freed. */
  epoch: number | null;
  isStopped: boolean;
  isWoken: boolean;
  /** The last claim was full: more calls wait for a free place. */
  moreWait: boolean;
  endSleep: () => void;
};

function wake(dispatch: Dispatch): void {
  dispatch.isWoken = true;
  dispatch.endSleep();
}

async function nap(dispatch: Dispatch): Promise<void> {
  if (!dispatch.isWoken && !dispatch.isStopped) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      dispatch.endSleep = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  dispatch.isWoken = false;
  dispatch.endSleep = () => undefined;
}

async function claimTasks(
  { options: { sql, providers } }: Dispatch,
  epoch: number,
  places: number,
): Promise<CardTask[]> {
  const claimedAtMs = performance.now();
  const calls = await claimCalls(sql, epoch, places, CLAIM_MS, providers.forNew().name);
  if (calls.length === 0) return [];
  const payments = await loadPayments(sql, [...new Set(calls.map((call) => call.orderId))]);
  const states = new Map(payments.map((payment) => [payment.orderId, payment.state]));
  return calls.flatMap((call) => {
    const payment = states.get(call.orderId);
    return payment === undefined ? [] : [{ call, epoch, payment, claimedAtMs }];
  });
}

/**
 * A step that throws is a fault of ours or of the database. It may have asked the provider before, so the call is unknown and comes
 * back like any other, until its patience is over and a person has it. While the database is away the claim ends by itself.
 */
async function settleFault({ options, desk }: Dispatch, task: CardTask, error: unknown): Promise<void> {
  const { orderId, operation, instance } = task.call;
  const call = { orderId, operation, instance };
  options.logger.error({ ...call, err: error }, 'a card call was not settled');
  if (faultKind(error) !== 'decision') return;
  try {
    await postpone(desk, task, { kind: 'unknown', reason: FAULT_OF_OURS });
  } catch (again) {
    options.logger.error({ ...call, err: again }, 'a card call waits for the end of its claim');
  }
}

function start(dispatch: Dispatch, task: CardTask): void {
  const step = takeCardStep(dispatch.desk, task)
    .catch((error: unknown) => settleFault(dispatch, task, error))
    .finally(() => {
      dispatch.inFlight.delete(step);
      if (dispatch.moreWait) wake(dispatch);
    });
  dispatch.inFlight.add(step);
}

async function look(dispatch: Dispatch): Promise<void> {
  const epoch = dispatch.options.leaseEpoch();
  if (epoch === null) return;
  if (epoch !== dispatch.epoch) {
    const freed = await takeOverCalls(dispatch.options.sql, epoch);
    if (freed > 0)
      dispatch.options.logger.info({ freed }, 'card calls of an earlier holder of the lease taken over');
    dispatch.epoch = epoch;
  }
  const places = IN_FLIGHT_MAX - dispatch.inFlight.size;
  if (places <= 0) return;
  const tasks = await claimTasks(dispatch, epoch, places);
  dispatch.moreWait = tasks.length === places;
  for (const task of tasks) start(dispatch, task);
}

async function run(dispatch: Dispatch): Promise<void> {
  while (!dispatch.isStopped) {
    try {
      await look(dispatch);
    } catch (error) {
      dispatch.options.logger.warn(
        { kind: faultKind(error), err: error },
        'card calls cannot be claimed now',
      );
    }
    await nap(dispatch);
  }
}

/** What a step may do with its claim. */
function claimsOf({
  sql,
  leaseEpoch,
  logger,
}: CardDispatcherOptions): Pick<CardDesk, 'mayAsk' | 'rebind' | 'onHeld'> {
  return {
    mayAsk: ({ epoch, claimedAtMs }) =>
      leaseEpoch() === epoch && performance.now() - claimedAtMs < CLAIM_MS - CALL_MS,
    rebind: ({ call, epoch }, provider) => rebindCall(sql, epoch, call, provider),
    onHeld: ({ orderId, operation, instance }, reason) =>
      logger.error({ orderId, operation, instance, reason }, 'a card call waits for a person'),
  };
}

/** Asks the card provider for what was committed to be asked, outside every transaction. */
export function startCardDispatcher(options: CardDispatcherOptions): CardDispatcher {
  const { providers, openCardToken, patienceMs } = options;
  const draw = Math.random;
  const settle = createSettle({ ...options, draw, onCallsQueued: () => wake(dispatch) });
  const dispatch: Dispatch = {
    options,
    desk: { providers, openCardToken, patienceMs, settle, draw, ...claimsOf(options) },
    inFlight: new Set(),
    epoch: null,
    isStopped: false,
    isWoken: false,
    moreWait: false,
    endSleep: () => undefined,
  };
  const done = run(dispatch);
  return {
    wake: () => wake(dispatch),
    stop: async () => {
      dispatch.isStopped = true;
      dispatch.endSleep();
      await done;
      const patience = new Promise((resolve) => setTimeout(resolve, STOP_MS).unref());
      await Promise.race([Promise.allSettled(dispatch.inFlight), patience]);
    },
  };
}
