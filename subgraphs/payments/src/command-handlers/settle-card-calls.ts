import { constraintOf, createIntake, faultKind, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import { retryAfterMs } from '../domain/card-calls.ts';
import type { PaymentCommand, PaymentState } from '../domain/payment.ts';
import type { Poke } from '../ports.ts';
import type { CallSettlement, ClaimedCall } from '../store/card-calls.ts';
import { loadPayments } from '../store/payment-rows.ts';
import { writePayments } from '../store/write-payments.ts';
import { lettersOf } from './call-letters.ts';
import { openPaymentBook } from './payment-book.ts';
import { stackOf } from './told-faults.ts';

/** Rounds a settlement is decided again because its payment changed meanwhile. */
const ROUNDS_MAX = 10;
/** Tries of a settlement while the database is away, and milliseconds between them. */
const TRIES_MAX = 20;
const TRY_AGAIN_MS = 500;
/** What stands beside a call whose settlement the database refused: a text of the provider may be what it refused. */
const NOT_RECORDED = 'what became of it could not be recorded';

/** What a call brought to light, about to be committed under the lease it was claimed with. */
export type Settlement = Readonly<{
  call: ClaimedCall;
  epoch: number;
  command: PaymentCommand | null;
  state: CallSettlement['state'];
  outcome: CallSettlement['outcome'];
  reason: string | null;
  delayMs: number;
  /** False when this try never left us; absent where that does not matter. */
  left?: boolean;
}>;

/** Commits a settlement and answers the payment as it stands after; null when the claim or the lease was lost. */
export type Settle = (settlement: Settlement) => Promise<PaymentState | null>;

export type SettleOptions = Readonly<{
  sql: Sql;
  logger: Logger;
  /** How long a call is tried, in milliseconds, before a person must act. */
  patienceMs: number;
  /** In [0, 1), for the jitter of retries. */
  draw: () => number;
  poke: Poke;
  onCallsQueued: () => void;
  /** Hears of keys that were parked with a call that waits for a person. */
  onParked: (keys: readonly string[]) => void;
  /** Of the code, for dead letters. */
  codeVersion: string;
}>;

type Verdict = Readonly<{ state: PaymentState | null; queued: boolean; parked: readonly string[] }>;

function settlementRow({ call, state, outcome, reason, delayMs, left = true }: Settlement): CallSettlement {
  const { orderId, operation, instance, attempt } = call;
  const row = { orderId, operation, instance, attempt, state, outcome, reason, delayMs };
  return left ? row : { ...row, left };
}

/** What a settlement brings to light of its order: its answer, and that the call has ended. */
function commandsOf({ call, command, state }: Settlement): PaymentCommand[] {
  const { operation, instance } = call;
  const ended: PaymentCommand = { type: 'RecordCallEnded', data: { operation, instance } };
  return [...(command === null ? [] : [command]), ...(state === 'done' ? [ended] : [])];
}

/** Reads the payments as they stand now: what closed while the provider was asked is seen here. */
async function decideAndWrite(
  { sql, codeVersion }: SettleOptions,
  epoch: number,
  batch: readonly Settlement[],
): Promise<Verdict[]> {
  const stored = await loadPayments(
    sql,
    batch.map((each) => each.call.orderId),
  );
  const byOrder = new Map(stored.map((each) => [each.orderId, each]));
  const book = openPaymentBook(stored, []);
  for (const settlement of batch) {
    const { call } = settlement;
    const payment = byOrder.get(call.orderId);
    if (payment === undefined) continue;
    const { partnerId, partition } = payment;
    const cause = { id: call.causeId, traceparent: call.traceparent, partnerId, partition };
    for (const command of commandsOf(settlement)) book.decide(call.orderId, cause, () => command);
  }
  const changes = book.changes();
  const calls = batch.map(({ call }) => call);
  const letters = lettersOf(book.held(), calls, codeVersion);
  await writePayments(sql, { epoch, settled: batch.map(settlementRow) }, { ...changes, letters });
  const queued = changes.calls.length + (changes.rearmed?.length ?? 0) > 0;
  const parked = letters.map(({ key }) => key);
  return batch.map(({ call }) => ({ state: book.stateOf(call.orderId), queued, parked }));
}

const LOST: Verdict = { state: null, queued: false, parked: [] };

/** Rejects with faults of infrastructure alone: nobody is kept from its settlement by a neighbour's. */
async function settleTogether(
  options: SettleOptions,
  epoch: number,
  batch: readonly Settlement[],
): Promise<Verdict[]> {
  for (let round = 1; ; round += 1) {
    try {
      return await decideAndWrite(options, epoch, batch);
    } catch (error) {
      const kind = faultKind(error);
      if (kind === 'infrastructure') throw error;
      if (kind === 'guard-lost' && round < ROUNDS_MAX) continue;
      // One that fails undoes the whole call: the others are settled by themselves.
      if (batch.length > 1) return settleEach(options, batch);
      const [settlement] = batch;
      if (kind === 'lease-lost' || settlement === undefined) return [LOST];
      return [await settleRefused(options, settlement, error)];
    }
  }
}

/**
 * The database refused what a call brought to light, whatever is tried again. The claim ends without a word of it, and the next try
 * finds out once more; once the call's patience is over a person has it.
 */
async function settleRefused(
  options: SettleOptions,
  { call, epoch }: Settlement,
  error: unknown,
): Promise<Verdict> {
  const { orderId, operation, instance, attempt, waitedMs } = call;
  const told = { orderId, operation, instance, kind: faultKind(error), constraint: constraintOf(error) };
  options.logger.error({ ...told, stack: stackOf(error) }, 'a settlement was refused');
  const neutral = { call, epoch, outcome: 'unknown', reason: NOT_RECORDED } as const;
  const postponed: Settlement = {
    ...neutral,
    command: null,
    state: 'unknown',
    delayMs: retryAfterMs(attempt, options.draw()),
  };
  const data = { operation, instance, reason: NOT_RECORDED, became: 'UNKNOWN' } as const;
  const held: Settlement = {
    ...neutral,
    state: 'held',
    delayMs: 0,
    command: { type: 'HoldCall', data },
  };
  const tried = waitedMs < options.patienceMs ? [postponed] : [held, postponed];
  for (const each of tried) {
    try {
      const [verdict = LOST] = await decideAndWrite(options, epoch, [each]);
      // For the step that waits it is as if its claim were lost: nothing of it stands.
      return { ...verdict, state: null };
    } catch (again) {
      const kind = faultKind(again);
      if (kind === 'infrastructure') throw again;
      if (kind === 'lease-lost') break;
    }
  }
  return LOST;
}

async function settleEach(options: SettleOptions, batch: readonly Settlement[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const each of batch) verdicts.push(...(await settleTogether(options, each.epoch, [each])));
  return verdicts;
}

/** Settlements gather while a commit is in flight; while the database is away they wait, the provider's answer in hand. */
export function createSettle(options: SettleOptions): Settle {
  const intake = createIntake<Settlement, Verdict>({
    keysOf: ({ call }) => [call.orderId],
    write: (batch) => {
      const epoch = batch[0]?.epoch ?? 0;
      const alike = batch.every((each) => each.epoch === epoch);
      return alike ? settleTogether(options, epoch, batch) : settleEach(options, batch);
    },
  });
  return async (settlement) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { state, queued, parked } = await intake.submit(settlement);
        options.poke();
        if (parked.length > 0) options.onParked(parked);
        if (queued) options.onCallsQueued();
        return state;
      } catch (error) {
        if (faultKind(error) !== 'infrastructure' || attempt >= TRIES_MAX) throw error;
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
      }
    }
  };
}
