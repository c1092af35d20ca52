import { faultKind, newId } from '@crossdock/event-store';
import { type Looks, startLooks } from '@crossdock/resilience';
import type { PaymentProvider } from '../ports.ts';
import {
  advanceRun,
  beginRunWhenDue,
  type ComparedPage,
  finishRun,
  loadOrdersBehind,
  loadRun,
  postponeRun,
  type Run,
  type RunPlace,
} from '../store/reconciliations.ts';
import { compareReportPage, compareUnreported, type PageOutcome } from './compare-page.ts';
import { foundAt } from './look-at-order.ts';
import type { CompareOptions } from './look-closely.ts';

/** Milliseconds between pages, and between looks for a run: what a comparison leaves to orders on their way. */
const PAUSE_MS = 300;
/** Payments of one page. Pages of a report are as long as the provider makes them. */
const PAYMENTS_PAGE = 200;
/** First pause of a page that could not be compared, in milliseconds, growing by itself up to a minute; and tries of it. */
const POSTPONE_MS = 5_000;
const TRIES_MAX = 30;
/** Milliseconds between looks whether it is time for a run that nobody asked for. */
const DUE_LOOK_MS = 30_000;

export type ReconcileOptions = Omit<CompareOptions, 'isStopped'> &
  Readonly<{
    /** Seconds from the beginning of one run to the next that nobody asked for. */
    everyS: number;
    /** Only the process that holds the worker lease compares, and writes under its epoch. */
    leaseEpoch: () => number | null;
  }>;

type Step = Readonly<{ options: CompareOptions; epoch: number; run: Run }>;

/** Where the run goes on behind the last page of a provider's report. */
function placeBehind({ options, run }: Step, provider: PaymentProvider): RunPlace {
  const { all } = options.providers;
  const next = all[all.indexOf(provider) + 1];
  const place = { ...run, cursor: null };
  return next === undefined
    ? { ...place, stage: 'PAYMENTS', provider: null }
    : { ...place, provider: next.name };
}

type Behind = Readonly<{ place: RunPlace; payments?: number; reported?: string | null }>;

async function commit(step: Step, outcome: PageOutcome, behind: Behind): Promise<void> {
  const { options, epoch, run } = step;
  if (outcome.kind === 'stopped') return;
  if (outcome.kind === 'unanswered') return postpone(step, outcome.reason);
  const { payments = 0, reported = null } = behind;
  const { stage, provider, cursor, lastOrder } = behind.place;
  const place = { stage, provider, cursor, lastOrder };
  const page: ComparedPage = { ...outcome.page, place, payments, reported };
  await advanceRun(options.sql, epoch, run.id, page);
}

async function postpone({ options, epoch, run }: Step, reason: string): Promise<void> {
  options.logger.warn({ run: run.id, reason }, 'a page of the comparison must wait');
  await postponeRun(options.sql, epoch, run.id, { reason, delayMs: POSTPONE_MS, triesMax: TRIES_MAX });
}

async function comparePageOfReport(step: Step): Promise<void> {
  const { options, epoch, run } = step;
  const [first] = options.providers.all;
  const provider = run.provider === null ? first : options.providers.named(run.provider);
  // Its provider was taken out of the configuration while the run went on: it begins again with those there are.
  if (provider == null)
    return commit(step, NOTHING_COMPARED, { place: { ...run, provider: null, cursor: null } });
  const answer = await provider.report(run.cursor);
  if (answer.kind !== 'done') return postpone(step, `${provider.name}: ${answer.reason}`);
  const { authorisations, next } = answer.value;
  const found = authorisations.map((shown) => foundAt(provider, shown));
  const outcome = await compareReportPage({ ...options, epoch }, provider, found);
  const behind =
    next === null
      ? { place: placeBehind(step, provider), reported: provider.name }
      : { place: { ...run, provider: provider.name, cursor: next } };
  await commit(step, outcome, behind);
}

const NOTHING_COMPARED: PageOutcome = {
  kind: 'compared',
  page: { payments: 0, authorisations: 0, orders: [], passedOver: [], breaks: [] },
};

async function comparePageOfPayments(step: Step): Promise<void> {
  const { options, epoch, run } = step;
  const orders = await loadOrdersBehind(options.sql, run, PAYMENTS_PAGE);
  const last = orders.at(-1);
  if (last === undefined) {
    await finishRun(options.sql, epoch, run.id);
    options.logger.info({ run: run.id }, 'ledger, providers and shipments were compared');
    return;
  }
  const unreported = orders.flatMap(({ orderId, isCompared }) => (isCompared ? [] : [orderId]));
  const outcome = await compareUnreported({ ...options, epoch }, unreported);
  await commit(step, outcome, { place: { ...run, lastOrder: last.orderId }, payments: orders.length });
}

/** Compares the next page of the run that goes on; false when there is none. Rejects with LEASE_LOST under an old epoch. */
export async function reconcileOnce(options: CompareOptions, epoch: number): Promise<boolean> {
  const { sql, logger } = options;
  const run = await loadRun(sql);
  if (run === null) return false;
  const step: Step = { options, epoch, run };
  try {
    await (run.stage === 'PROVIDER' ? comparePageOfReport(step) : comparePageOfPayments(step));
  } catch (error) {
    if (faultKind(error) !== 'decision') throw error;
    logger.error({ run: run.id, err: error }, 'a page cannot be compared');
    await postpone(step, 'a fault of ours, see the log');
  }
  return true;
}

/** Compares page after page while this process holds the lease. A fault costs a look; another holder goes on behind the last page. */
export function startReconciliation(options: ReconcileOptions): Looks {
  let isStopped = false;
  let nextDueLook = 0;
  const look = async () => {
    const epoch = options.leaseEpoch();
    if (epoch === null) return;
    try {
      const goesOn = await reconcileOnce({ ...options, isStopped: () => isStopped }, epoch);
      if (goesOn || performance.now() < nextDueLook) return;
      nextDueLook = performance.now() + DUE_LOOK_MS;
      await beginRunWhenDue(options.sql, epoch, newId(), options.everyS);
    } catch (error) {
      options.logger.warn({ kind: faultKind(error), err: error }, 'payments cannot be compared now');
    }
  };
  const looks = startLooks(look, PAUSE_MS);
  return {
    ...looks,
    stop: async () => {
      isStopped = true;
      await looks.stop();
    },
  };
}
