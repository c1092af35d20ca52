import { retryAfterMs, subjectOf } from '../domain/card-calls.ts';
import type { PaymentCommand, PaymentState } from '../domain/payment.ts';
import { capturedFrom, type Part, partsOf } from '../domain/shipment.ts';
import type { Wave } from '../domain/wave.ts';
import type { OpenCardToken, PaymentProvider, ProviderAnswer, ProviderAuthorisation } from '../ports.ts';
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
const AUTHORISE = 'order';
const CAPTURE = 'shipment';

export type Ending = Pick<Settlement, 'command' | 'outcome' | 'reason'>;
type Unanswered = Extract<ProviderAnswer<unknown>, { reason: string }>;

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
function waveOfTask({ call, payment }: CardTask): Wave | null {
  const { wave } = subjectOf(call);
  return payment.waves.find((each) => each.wave === wave) ?? null;
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
      reference: { orderId: call.orderId, purpose: AUTHORISE, epoch: wave, instance: call.instance },
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

async function authorise(desk: CardDesk, task: CardTask): Promise<void> {
  const asked = waveOfTask(task);
  if (asked?.stage !== 'REQUESTED') return end(desk, task, NOTHING_LEFT);
  const known = asked.providerAuthorisationId;
  if (known !== null) return confirmed(desk, task, known, true);
  if (task.payment.closed) return giveUp(desk, task, 'the order was closed');
  const fresh = await created(desk, task, asked);
  const id = fresh === null ? null : (waveOfTask(fresh)?.providerAuthorisationId ?? null);
  if (fresh !== null && id !== null) await confirmed(desk, fresh, id, false);
}

export const NOTHING_LEFT: Ending = {
  command: null,
  outcome: 'succeeded',
  reason: 'there was nothing left to do',
};

/** What a capture is still to take, of which shipment, and from whose authorisation; null when nothing is left to do. */
function partOfTask(task: CardTask): Readonly<{ part: Part; shipmentId: string; wave: Wave }> | null {
  const { wave: number, shipmentId } = subjectOf(task.call);
  const shipment = task.payment.shipments.find((each) => each.shipmentId === shipmentId);
  const wave = waveOfTask(task);
  if (shipment?.state !== 'REQUESTED' || wave === null) return null;
  const part = partsOf(shipment).find((each) => each.wave === number && !each.captured);
  return part === undefined ? null : { part, shipmentId: shipment.shipmentId, wave };
}

async function capture(desk: CardDesk, task: CardTask): Promise<void> {
  const { call, payment } = task;
  const asked = partOfTask(task);
  const id = asked?.wave.providerAuthorisationId ?? null;
  if (asked === null || id === null) return end(desk, task, NOTHING_LEFT);
  const { shipmentId, wave } = asked;
  const { amountMinor } = asked.part;
  const taken: Ending = {
    command: { type: 'RecordCaptured', data: { shipmentId, wave: wave.wave } },
    outcome: 'succeeded',
    reason: null,
  };
  if (call.attempt > 1) {
    const found = await desk.provider.read(id);
    if (found.kind === 'refused') return leaveToPerson(desk, task, found.reason);
    if (found.kind !== 'done') return postpone(desk, task, { ...found, kind: 'not-sent' });
    if (found.value.captures.some(({ instance }) => instance === call.instance))
      return end(desk, task, taken);
    if (found.value.status !== 'AUTHORISED')
      return leaveToPerson(desk, task, `the authorisation is ${found.value.status}`);
  }
  const { orderId, instance } = call;
  const reference = { orderId, purpose: CAPTURE, epoch: wave.wave, instance };
  const final = capturedFrom(payment.shipments, wave.wave) + amountMinor === wave.authorisedMinor;
  const currencyCode = payment.currencyCode ?? '';
  const request = { amountMinor, currencyCode, final, reference };
  const answer = await desk.provider.capture(id, request, call.providerKey);
  if (answer.kind === 'done') return end(desk, task, taken);
  if (answer.kind === 'refused') return leaveToPerson(desk, task, answer.reason);
  return postpone(desk, task, answer);
}

async function release(desk: CardDesk, task: CardTask): Promise<void> {
  const { call } = task;
  const asked = waveOfTask(task);
  const id = asked?.providerAuthorisationId ?? null;
  if (asked?.stage !== 'VOIDING' || id === null) return end(desk, task, NOTHING_LEFT);
  const released: Ending = {
    command: { type: 'RecordVoided', data: { wave: asked.wave } },
    outcome: 'succeeded',
    reason: null,
  };
  if (call.attempt > 1) {
    const found = await desk.provider.read(id);
    if (found.kind === 'refused') return leaveToPerson(desk, task, found.reason);
    if (found.kind !== 'done') return postpone(desk, task, { ...found, kind: 'not-sent' });
    if (found.value.status !== 'AUTHORISED') return end(desk, task, released);
  }
  const answer = await desk.provider.release(id, call.providerKey);
  if (answer.kind === 'done') return end(desk, task, released);
  if (answer.kind === 'refused') return leaveToPerson(desk, task, answer.reason);
  return postpone(desk, task, answer);
}

/** Makes a claimed call, or finds out what an earlier try did, and commits what it learnt. No transaction is open meanwhile. */
export async function takeCardStep(desk: CardDesk, task: CardTask): Promise<void> {
  if (task.call.operation === 'authorise') return authorise(desk, task);
  if (task.call.operation === 'capture') return capture(desk, task);
  return release(desk, task);
}
