// What every step of a card call has at hand: the call, the provider, and the ways in which a call can end.
import { retryAfterMs, subjectOf } from '../domain/card-calls.ts';
import type { PaymentCommand, PaymentState } from '../domain/payment.ts';
import type { Wave } from '../domain/wave.ts';
import type { OpenCardToken, PaymentProvider, ProviderAnswer } from '../ports.ts';
import type { ClaimedCall } from '../store/card-calls.ts';
import type { Settle, Settlement } from './settle-card-calls.ts';

/** A claimed call, and the payment as it stood when it was claimed. */
export type CardTask = Readonly<{ call: ClaimedCall; epoch: number; payment: PaymentState }>;

export type CardDesk = Readonly<{
  provider: PaymentProvider;
  openCardToken: OpenCardToken;
  settle: Settle;
  /** In [0, 1), for the jitter of retries. */
  draw: () => number;
  /** The provider refused for good what had to be done. */
  onLeftToPerson: (call: ClaimedCall, reason: string) => void;
}>;

const NO_DATA = {};

export type Ending = Pick<Settlement, 'command' | 'outcome' | 'reason'>;
type Unanswered = Extract<ProviderAnswer<unknown>, { reason: string }>;

export const NOTHING_LEFT: Ending = {
  command: null,
  outcome: 'succeeded',
  reason: 'there was nothing left to do',
};

export async function end({ settle }: CardDesk, { call, epoch }: CardTask, ending: Ending): Promise<void> {
  await settle({ call, epoch, state: 'done', delayMs: 0, ...ending });
}

/** The provider will never do it: the call is left to a person, under its reason. */
export async function leaveToPerson(
  desk: CardDesk,
  { call, epoch }: CardTask,
  reason: string,
): Promise<void> {
  const command: PaymentCommand = { type: 'RecordNothingDone', data: NO_DATA };
  await desk.settle({ call, epoch, command, state: 'held', outcome: 'failed', reason, delayMs: 0 });
  desk.onLeftToPerson(call, reason);
}

/** Comes back later. After an unknown outcome the call stays unknown until something answers. */
export async function postpone(desk: CardDesk, { call, epoch }: CardTask, answer: Unanswered): Promise<void> {
  const lost = answer.kind === 'unknown';
  await desk.settle({
    call,
    epoch,
    command: lost ? { type: 'RecordOutcomeUnknown', data: NO_DATA } : null,
    state: lost ? 'unknown' : call.state,
    outcome: lost ? 'unknown' : 'failed',
    reason: answer.reason,
    delayMs: retryAfterMs(call.attempt, desk.draw()),
  });
}

/** The wave a call is about, as it stands in the task. */
export function waveOfTask({ call, payment }: CardTask): Wave | null {
  const { wave } = subjectOf(call);
  return payment.waves.find((each) => each.wave === wave) ?? null;
}
