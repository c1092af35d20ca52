// What every step of a card call has at hand: the call, the providers, and the ways in which a call can end.
import { type CallSubject, retryAfterMs, subjectOf } from '../domain/card-calls.ts';
import type { CallOutcome } from '../domain/held-call.ts';
import type { PaymentState } from '../domain/payment.ts';
import type { Wave } from '../domain/wave.ts';
import type { OpenCardToken, PaymentProvider, ProviderAnswer, Providers } from '../ports.ts';
import type { ClaimedCall } from '../store/card-calls.ts';
import type { Settle, Settlement } from './settle-card-calls.ts';

/** A claimed call, and the payment as it stood when it was claimed. */
export type CardTask = Readonly<{
  call: ClaimedCall;
  epoch: number;
  payment: PaymentState;
  /** When it was claimed, by the monotonic clock in milliseconds. */
  claimedAtMs: number;
}>;

export type CardDesk = Readonly<{
  providers: Providers;
  openCardToken: OpenCardToken;
  settle: Settle;
  /** Commits that another provider is asked; false when the claim was lost, or the call has left us before. */
  rebind: (task: CardTask, provider: string) => Promise<boolean>;
  /** Asked directly before each call that moves money: true while nobody else can have the call. */
  mayAsk: (task: CardTask) => boolean;
  /** In [0, 1), for the jitter of retries. */
  draw: () => number;
  /** How long a call is tried, in milliseconds, before a person must act. */
  patienceMs: number;
  onHeld: (call: ClaimedCall, reason: string) => void;
}>;

export type Ending = Pick<Settlement, 'command' | 'outcome' | 'reason'>;
type Unanswered = Extract<ProviderAnswer<unknown>, { reason: string }>;

export const NOTHING_LEFT: Ending = {
  command: null,
  outcome: 'succeeded',
  reason: 'there was nothing left to do',
};

/** Another process may have the call by now, and may have read it as absent: it is not made. */
export const NOT_OURS: Unanswered = { kind: 'turned-away', reason: 'the claim may have ended' };

export async function end({ settle }: CardDesk, { call, epoch }: CardTask, ending: Ending): Promise<void> {
  await settle({ call, epoch, state: 'done', delayMs: 0, ...ending });
}

/** The call waits for a person, who gets its dead letter under this reason. */
async function hold(desk: CardDesk, task: CardTask, reason: string, became: CallOutcome): Promise<void> {
  const { call, epoch } = task;
  const { operation, instance } = call;
  const held = await desk.settle({
    ...{ call, epoch, state: 'held', reason, delayMs: 0 },
    command: { type: 'HoldCall', data: { operation, instance, reason, became } },
    outcome: became === 'UNKNOWN' ? 'unknown' : 'failed',
  });
  if (held !== null) desk.onHeld(call, reason);
}

/**
 * It will never be done as asked: the call is left to a person, under the provider's reason. A read that is refused tells nothing of
 * the tries before it: what they became is known as before.
 */
export function leaveToPerson(
  desk: CardDesk,
  task: CardTask,
  reason: string,
  became: CallOutcome = 'NOTHING_DONE',
): Promise<void> {
  return hold(desk, task, reason, became);
}

/**
 * Comes back later, or leaves the call to a person once its patience is over. After an unknown outcome it stays unknown until
 * something answers. `left` false: nothing of this try has left us, and another provider may be chosen.
 */
export async function postpone(
  desk: CardDesk,
  task: CardTask,
  { kind, reason }: Unanswered,
  left = true,
): Promise<void> {
  const { call, epoch, claimedAtMs } = task;
  const { operation, instance } = call;
  const lost = kind === 'unknown';
  if (call.waitedMs + performance.now() - claimedAtMs >= desk.patienceMs)
    return hold(desk, task, reason, lost ? 'UNKNOWN' : 'AS_BEFORE');
  await desk.settle({
    ...{ call, epoch, reason, left },
    command: lost ? { type: 'RecordOutcomeUnknown', data: { call: { operation, instance } } } : null,
    state: lost ? 'unknown' : call.state,
    outcome: lost ? 'unknown' : 'failed',
    delayMs: retryAfterMs(call.attempt, desk.draw()),
  });
}

/** The wave a call is about, as it stands in the task. */
export function waveOfTask({ call, payment }: CardTask): Wave | null {
  const { wave }: CallSubject = subjectOf(call);
  return payment.waves.find((each) => each.wave === wave) ?? null;
}

/** Whom a wave's authorisation is with; null, and the call is left to a person, when that provider is configured no more. */
export async function providerOf(
  desk: CardDesk,
  task: CardTask,
  { provider: name }: Pick<Wave, 'provider'>,
): Promise<PaymentProvider | null> {
  const provider = desk.providers.named(name);
  if (provider === null) await hold(desk, task, `the provider ${name} is configured no more`, 'AS_BEFORE');
  return provider;
}
