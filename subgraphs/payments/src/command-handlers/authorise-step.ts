import { subjectOf } from '../domain/card-calls.ts';
import type { PaymentCommand } from '../domain/payment.ts';
import type { Wave } from '../domain/wave.ts';
import type { ProviderAuthorisation } from '../ports.ts';
import { type CardDesk, type CardTask, end, NOTHING_LEFT, postpone, waveOfTask } from './card-desk.ts';

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
      await giveUp(desk, task, 'voided at the provider');
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

/** Creates the authorisation unconfirmed and commits its id; answers the task as it stands then, or null when it ended. */
async function created(desk: CardDesk, task: CardTask, asked: Wave): Promise<CardTask | null> {
  const { call, epoch, payment } = task;
  const { wave } = asked;
  const cardToken =
    payment.sealedCardToken === null ? null : await desk.openCardToken(payment.sealedCardToken);
  if (cardToken === null) {
    await giveUp(desk, task, 'card_token_unreadable');
    return null;
  }
  const answer = await desk.provider.create(
    {
      amountMinor: asked.reservedMinor,
      currencyCode: payment.currencyCode ?? '',
      cardToken,
      reference: { orderId: call.orderId, purpose: PURPOSE, epoch: wave, instance: call.instance },
    },
    `${call.providerKey}:create`,
  );
  if (answer.kind === 'refused') {
    await giveUp(desk, task, answer.reason);
    return null;
  }
  if (answer.kind !== 'done') {
    // Whatever was created is unconfirmed and holds no money: the key finds it again, so nothing is unknown.
    await postpone(desk, task, { kind: 'not-sent', reason: answer.reason });
    return null;
  }
  const command: PaymentCommand = {
    type: 'StoreProviderId',
    data: { wave, provider: desk.provider.name, providerAuthorisationId: answer.value.id },
  };
  const stored = await desk.settle({
    call,
    epoch,
    command,
    state: null,
    outcome: 'unknown',
    reason: null,
    delayMs: 0,
  });
  return stored === null ? null : { ...task, payment: stored };
}

/** Asks the card. What an earlier try may have asked is read first. */
async function confirmed(desk: CardDesk, task: CardTask, id: string, resumed: boolean): Promise<void> {
  if (resumed) {
    const found = await desk.provider.read(id);
    if (found.kind === 'refused') return giveUp(desk, task, found.reason);
    if (found.kind !== 'done') return postpone(desk, task, { ...found, kind: 'not-sent' });
    if (await endAuthorisation(desk, task, found.value)) return;
  }
  if (task.payment.closed) return giveUp(desk, task, 'the order was closed');
  const answer = await desk.provider.confirm(id, `${task.call.providerKey}:confirm`);
  if (answer.kind === 'refused') return giveUp(desk, task, answer.reason);
  if (answer.kind !== 'done') return postpone(desk, task, answer);
  if (await endAuthorisation(desk, task, answer.value)) return;
  await postpone(desk, task, { kind: 'unknown', reason: 'confirmed without an answer' });
}

export async function authorise(desk: CardDesk, task: CardTask): Promise<void> {
  const asked = waveOfTask(task);
  if (asked?.stage !== 'REQUESTED') return end(desk, task, NOTHING_LEFT);
  const known = asked.providerAuthorisationId;
  if (known !== null) return confirmed(desk, task, known, true);
  if (task.payment.closed) return giveUp(desk, task, 'the order was closed');
  const fresh = await created(desk, task, asked);
  const id = fresh === null ? null : (waveOfTask(fresh)?.providerAuthorisationId ?? null);
  if (fresh !== null && id !== null) await confirmed(desk, fresh, id, false);
}
