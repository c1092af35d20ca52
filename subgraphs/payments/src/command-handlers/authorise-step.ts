import { subjectOf } from '../domain/card-calls.ts';
import type { PaymentCommand } from '../domain/payment.ts';
import { isWanted } from '../domain/renewals.ts';
import type { Wave } from '../domain/wave.ts';
import type { PaymentProvider, ProviderAuthorisation } from '../ports.ts';
import {
  type CardDesk,
  type CardTask,
  end,
  leaveToPerson,
  NOT_OURS,
  NOTHING_LEFT,
  postpone,
  providerOf,
  waveOfTask,
} from './card-desk.ts';
import { createAuthorisation } from './create-authorisation.ts';

const NOT_NEEDED = 'not needed any more';
const OTHER_AMOUNT = 'the provider authorised another amount';
const EXPIRED = 'expired at the provider';

/** A provider's time as all of ours are written, so that they compare as text; null for what is none. */
function timeOf(text: string | null): string | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** The money is still needed, as the payment stood when the call was claimed. */
function isNeeded(task: CardTask): boolean {
  const asked = waveOfTask(task);
  return asked !== null && isWanted(task.payment, asked);
}

/** The card is good for something else than it was asked for: nothing can be promised of it before a person looked. */
function isOther(task: CardTask, found: ProviderAuthorisation): boolean {
  const asked = waveOfTask(task);
  return asked?.reservedMinor !== found.amountMinor || task.payment.currencyCode !== found.currencyCode;
}

/** The card had said yes, and to what was asked, before it died: what was never confirmed expires too. */
function wasGood(task: CardTask, found: ProviderAuthorisation): boolean {
  const { expiresAt, captures, saidYes = false } = found;
  return (saidYes || timeOf(expiresAt) !== null || captures.length > 0) && !isOther(task, found);
}

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
    case 'EXPIRED':
      if (isNeeded(task) && wasGood(task, found)) await noteYes(desk, task, found, true);
      else await giveUp(desk, task, EXPIRED);
      return true;
    default:
      if (isNeeded(task) && isOther(task, found)) await leaveToPerson(desk, task, OTHER_AMOUNT, 'AS_BEFORE');
      else await noteYes(desk, task, found, false);
      return true;
  }
}

/** The card said yes; of what `ended` meanwhile another is asked for. */
async function noteYes(
  desk: CardDesk,
  task: CardTask,
  { expiresAt }: ProviderAuthorisation,
  ended: boolean,
): Promise<void> {
  const { wave } = subjectOf(task.call);
  const command: PaymentCommand = {
    type: 'RecordAuthorised',
    data: { wave, expiresAt: timeOf(expiresAt), ...(ended ? { ended } : {}) },
  };
  await end(desk, task, { command, outcome: 'succeeded', reason: ended ? EXPIRED : null });
}

/** Nothing is held for the order, and nothing will be. */
async function giveUp(desk: CardDesk, task: CardTask, reason: string): Promise<void> {
  const { wave } = subjectOf(task.call);
  const needed = isNeeded(task);
  const command: PaymentCommand = needed
    ? { type: 'RecordDeclined', data: { wave, reason } }
    : { type: 'RecordNothingAuthorised', data: { wave } };
  await end(desk, task, { command, outcome: needed ? 'declined' : 'failed', reason });
}

/** Creates the authorisation unconfirmed and commits its id; answers the task as it stands then, or null when it ended. */
async function created(desk: CardDesk, task: CardTask, asked: Wave): Promise<CardTask | null> {
  const made = await createAuthorisation(desk, task, asked);
  if (made === null) return null;
  if ('refused' in made) {
    await giveUp(desk, task, made.refused);
    return null;
  }
  const { provider, answer } = made;
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

/**
 * Gives up what an earlier try may have confirmed, though a read does not show it yet: it is released first, so that a confirmation
 * that is still on its way finds nothing to confirm.
 */
async function cancel(desk: CardDesk, task: CardTask, provider: PaymentProvider, id: string): Promise<void> {
  if (!desk.mayAsk(task)) return postpone(desk, task, NOT_OURS);
  const answer = await provider.release(id, `${task.call.providerKey}:cancel`);
  if (answer.kind !== 'done' && answer.kind !== 'refused') return postpone(desk, task, answer);
  await giveUp(desk, task, NOT_NEEDED);
}

/** Asks the card. What an earlier try may have asked is read first. */
async function confirmed(desk: CardDesk, task: CardTask, asked: Wave, resumed: boolean): Promise<void> {
  const id = asked.providerAuthorisationId;
  const provider = id === null ? null : await providerOf(desk, task, asked);
  if (id === null || provider === null) return;
  if (resumed) {
    const found = await provider.read(id);
    if (found.kind === 'refused') return leaveToPerson(desk, task, found.reason, 'AS_BEFORE');
    if (found.kind !== 'done') return postpone(desk, task, { ...found, kind: 'turned-away' });
    if (await endAuthorisation(desk, task, found.value)) return;
  }
  if (!isNeeded(task)) return resumed ? cancel(desk, task, provider, id) : giveUp(desk, task, NOT_NEEDED);
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
  if (!isNeeded(task)) return giveUp(desk, task, NOT_NEEDED);
  const fresh = await created(desk, task, asked);
  const wave = fresh === null ? null : waveOfTask(fresh);
  if (fresh !== null && wave !== null) await confirmed(desk, fresh, wave, false);
}
