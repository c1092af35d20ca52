import { subjectOf } from '../domain/card-calls.ts';
import type { PaymentCommand } from '../domain/payment.ts';
import type { Wave } from '../domain/wave.ts';
import type { PaymentProvider, ProviderAuthorisation } from '../ports.ts';
import {
  type CardDesk,
  type CardTask,
  end,
  NOT_OURS,
  NOTHING_LEFT,
  postpone,
  providerOf,
  waveOfTask,
} from './card-desk.ts';

const PURPOSE = 'order';

/** Ends by what the provider shows; false while the card was not asked yet. */
async function endAuthorisation(
  desk: CardDesk,
  task: CardTask,
  found: ProviderAuthorisation,
): Promise<boolean> {
  const { wave } = subjectOf(task.call);
  switch (found.status) {
    case 'REQUIRES_CONFIRMATION':
      return false;
    case 'DECLINED': {
      const reason = found.declineReason ?? 'declined';
      const command: PaymentCommand = { type: 'RecordDeclined', data: { wave, reason } };
      await end(desk, task, { command, outcome: 'declined', reason });
      return true;
    }
    case 'VOIDED':
    case 'EXPIRED':
      await giveUp(desk, task, `${found.status.toLowerCase()} at the provider`);
      return true;
    default:
      await end(desk, task, {
        command: { type: 'RecordAuthorised', data: { wave } },
        outcome: 'succeeded',
        reason: null,
      });
      return true;
  }
}

/** Nothing is held for the order, and nothing will be. */
async function giveUp(desk: CardDesk, task: CardTask, reason: string): Promise<void> {
  const closed = task.payment.closed;
  const { wave } = subjectOf(task.call);
  const command: PaymentCommand = closed
    ? { type: 'RecordNothingAuthorised', data: { wave } }
    : { type: 'RecordDeclined', data: { wave, reason } };
  await end(desk, task, { command, outcome: closed ? 'failed' : 'declined', reason });
}

/**
 * Whom to ask with this card: the one this call was bound to, unless this very try bound it and another must or can do it now.
 * The other is committed before anything leaves. Null when the call ended, or is not ours any more.
 */
async function chosen(desk: CardDesk, task: CardTask, cardToken: string): Promise<PaymentProvider | null> {
  const { provider: name, attempt, boundAttempt } = task.call;
  if (boundAttempt !== attempt) return providerOf(desk, task, { provider: name });
  const fitting = desk.providers.accepting(cardToken);
  if (fitting === null) {
    await giveUp(desk, task, 'card_token_not_accepted');
    return null;
  }
  const bound = desk.providers.named(name);
  const stays = bound?.accepts(cardToken) === true && (bound.isAvailable() || !fitting.isAvailable());
  if (bound !== null && stays) return bound;
  return (await desk.rebind(task, fitting.name)) ? fitting : null;
}

/** Creates the authorisation unconfirmed and commits its id; answers the task as it stands then, or null when it ended. */
async function created(desk: CardDesk, task: CardTask, asked: Wave): Promise<CardTask | null> {
  const { call, payment } = task;
  const { wave } = asked;
  const cardToken =
    payment.sealedCardToken === null ? null : await desk.openCardToken(payment.sealedCardToken);
  if (cardToken === null) {
    await giveUp(desk, task, 'card_token_unreadable');
    return null;
  }
  const provider = await chosen(desk, task, cardToken);
  if (provider === null) return null;
  const answer = await provider.create(
    {
      amountMinor: asked.reservedMinor,
      currencyCode: payment.currencyCode ?? '',
      cardToken,
      reference: { orderId: call.orderId, purpose: PURPOSE, epoch: wave, instance: call.instance },
    },
    `${call.providerKey}:create`,
  );
  switch (answer.kind) {
    case 'done':
      return stored(desk, task, provider, answer.value.id);
    case 'refused':
      await giveUp(desk, task, answer.reason);
      return null;
    case 'not-sent':
      await postpone(desk, task, answer, false);
      return null;
    default:
      // Whatever was created is unconfirmed and holds no money: the key finds it again, so nothing is unknown.
      await postpone(desk, task, { kind: 'turned-away', reason: answer.reason });
      return null;
  }
}

/** Commits the provider's id; answers the task as it stands then, or null when the claim was lost. */
async function stored(
  desk: CardDesk,
  task: CardTask,
  { name: provider }: PaymentProvider,
  providerAuthorisationId: string,
): Promise<CardTask | null> {
  const { call, epoch } = task;
  const { wave } = subjectOf(call);
  const payment = await desk.settle({
    ...{ call, epoch, state: null, reason: null, delayMs: 0 },
    command: { type: 'StoreProviderId', data: { wave, provider, providerAuthorisationId } },
    outcome: 'unknown',
  });
  return payment === null ? null : { ...task, payment };
}

/** Asks the card. What an earlier try may have asked is read first. */
async function confirmed(desk: CardDesk, task: CardTask, asked: Wave, resumed: boolean): Promise<void> {
  const id = asked.providerAuthorisationId;
  const provider = id === null ? null : await providerOf(desk, task, asked);
  if (id === null || provider === null) return;
  if (resumed) {
    const found = await provider.read(id);
    if (found.kind === 'refused') return giveUp(desk, task, found.reason);
    if (found.kind !== 'done') return postpone(desk, task, { ...found, kind: 'turned-away' });
    if (await endAuthorisation(desk, task, found.value)) return;
  }
  if (task.payment.closed) return giveUp(desk, task, 'the order was closed');
  if (!desk.mayAsk(task)) return postpone(desk, task, NOT_OURS);
  const answer = await provider.confirm(id, `${task.call.providerKey}:confirm`);
  if (answer.kind === 'refused') return giveUp(desk, task, answer.reason);
  if (answer.kind !== 'done') return postpone(desk, task, answer);
  if (await endAuthorisation(desk, task, answer.value)) return;
  await postpone(desk, task, { kind: 'unknown', reason: 'confirmed without an answer' });
}

export async function authorise(desk: CardDesk, task: CardTask): Promise<void> {
  const asked = waveOfTask(task);
  if (asked?.stage !== 'REQUESTED') return end(desk, task, NOTHING_LEFT);
  if (asked.providerAuthorisationId !== null) return confirmed(desk, task, asked, true);
  if (task.payment.closed) return giveUp(desk, task, 'the order was closed');
  const fresh = await created(desk, task, asked);
  const wave = fresh === null ? null : waveOfTask(fresh);
  if (fresh !== null && wave !== null) await confirmed(desk, fresh, wave, false);
}
