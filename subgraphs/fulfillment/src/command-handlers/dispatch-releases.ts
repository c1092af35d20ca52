import { createIntake, type Intake, type Sql } from '@crossdock/event-store';
import { waitMs } from '../domain/told-release.ts';
import {
  type DueRelease,
  loadDueReleases,
  noteAnswers,
  type ToldRelease,
} from '../store/outgoing-releases.ts';
import { type TellOptions, tellReleases } from './tell-releases.ts';

/** Releases of one warehouse in one call; its WMS takes 200. */
const BATCH_MAX = 100;
/** After a call that was not full, a warehouse gathers this long; it costs a release at most that much. */
const GATHER_MS = 150;
/** Without a wake-up (a retry's time has come, another process released) the table is looked at this often. */
const POLL_MS = 1_000;
/** An orderly stop waits this long for calls that are out; whatever stays unanswered is told again. */
const STOP_MS = 3_000;

export type DispatcherOptions = TellOptions &
  Readonly<{
    sql: Sql;
    /** Only the process that holds the worker's lease tells; a second teller would be harmless and wasteful. */
    holdsLease: () => boolean;
  }>;

export type Dispatcher = Readonly<{
  /** Says that something was released, so that the table is looked at now. */
  wake: () => void;
  stop: () => Promise<void>;
}>;

/** A warehouse's turn: one call at a time, and rest between calls. */
type Lane = { call: Promise<void> | null; restUntil: number; failures: number };

type Dispatch = DispatcherOptions & {
  readonly lanes: Map<string, Lane>;
  /** Answers of several warehouses share a commit. */
  readonly answers: Intake<readonly ToldRelease[], true>;
  isStopped: boolean;
  isWoken: boolean;
  endSleep: () => void;
};

/** Tells released shipments to their WMS. The committed release is the intent: nothing is open during a call. */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const answers = createIntake<readonly ToldRelease[], true>({
    write: async (batches) => {
      await noteAnswers(options.sql, batches.flat());
      return batches.map(() => true);
    },
    keysOf: () => [],
  });
  const lanes = new Map<string, Lane>();
  const dispatch: Dispatch = {
    ...{ ...options, lanes, answers, isStopped: false, isWoken: false },
    endSleep: () => undefined,
  };
  const done = run(dispatch);
  return {
    wake: () => wake(dispatch),
    stop: async () => {
      dispatch.isStopped = true;
      wake(dispatch);
      const calls = [...lanes.values()].map(({ call }) => call);
      const patience = new Promise((resolve) => setTimeout(resolve, STOP_MS).unref());
      await Promise.race([Promise.all([done, ...calls]), patience]);
    },
  };
}

function wake(dispatch: Dispatch): void {
  dispatch.isWoken = true;
  dispatch.endSleep();
}

async function run(dispatch: Dispatch): Promise<void> {
  while (!dispatch.isStopped) {
    dispatch.isWoken = false;
    if (dispatch.holdsLease()) {
      await startCalls(dispatch).catch((error: unknown) =>
        dispatch.logger.warn({ err: error }, 'releases cannot be read now'),
      );
    }
    if (!dispatch.isWoken) await sleep(dispatch);
  }
}

/** Starts a call for each warehouse that is free and has releases due. */
async function startCalls(dispatch: Dispatch): Promise<void> {
  const now = performance.now();
  const isTaken = ({ call, restUntil }: Lane) => call !== null || restUntil > now;
  const leftOut = [...dispatch.lanes].filter(([, lane]) => isTaken(lane)).map(([warehouseId]) => warehouseId);
  const due = await loadDueReleases(dispatch.sql, leftOut, BATCH_MAX);
  for (const [warehouseId, releases] of Map.groupBy(due, (each) => each.warehouseId)) {
    const lane = dispatch.lanes.get(warehouseId) ?? { call: null, restUntil: 0, failures: 0 };
    dispatch.lanes.set(warehouseId, lane);
    lane.call = callWarehouse(dispatch, lane, warehouseId, releases);
  }
}

async function callWarehouse(
  dispatch: Dispatch,
  lane: Lane,
  warehouseId: string,
  releases: readonly DueRelease[],
): Promise<void> {
  try {
    const told = await tellReleases(dispatch, warehouseId, releases);
    await dispatch.answers.submit(told.releases);
    lane.failures = told.isAnswered ? 0 : lane.failures + 1;
  } catch (error) {
    lane.failures += 1;
    if (!dispatch.isStopped) {
      dispatch.logger.warn(
        { warehouseId, err: error },
        'answers of a warehouse were not stored; it is told again',
      );
    }
  }
  const failed = lane.failures > 0 ? waitMs(lane.failures, Math.random()) : 0;
  lane.restUntil = performance.now() + failed + (releases.length < BATCH_MAX ? GATHER_MS : 0);
  lane.call = null;
  wake(dispatch);
}

/** Until somebody wakes us, a warehouse has rested, or it is time to look again. */
function sleep(dispatch: Dispatch): Promise<void> {
  const now = performance.now();
  const rests = [...dispatch.lanes.values()]
    .map(({ restUntil }) => restUntil - now)
    .filter((rest) => rest > 0);
  return new Promise((resolve) => {
    const timer = setTimeout(() => dispatch.endSleep(), Math.min(POLL_MS, ...rests.map(Math.ceil)));
    dispatch.endSleep = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
