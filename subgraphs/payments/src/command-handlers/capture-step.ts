import { subjectOf } from '../domain/card-calls.ts';
import { givesNoMore, isTakenByUs } from '../domain/order-money.ts';
import type { PaymentCommand } from '../domain/payment.ts';
import { type Part, partsOf } from '../domain/shipment.ts';
import type { Wave } from '../domain/wave.ts';
import type { PaymentProvider, ProviderAuthorisation } from '../ports.ts';
import {
  type CardDesk,
  type CardTask,
  type Ending,
  end,
  leaveToPerson,
  NOT_OURS,
  NOTHING_LEFT,
  postpone,
  providerOf,
  waveOfTask,
} from './card-desk.ts';

const PURPOSE = 'shipment';

type Asked = Readonly<{ part: Part; shipmentId: string; wave: Wave; authorisationId: string }>;

/** What a capture is still to take, of which shipment, and from whose authorisation; null when nothing is left to do. */
function partOfTask(task: CardTask): Asked | null {
  const { wave: number, shipmentId } = subjectOf(task.call);
  const shipment = task.payment.shipments.find((each) => each.shipmentId === shipmentId);
  const wave = waveOfTask(task);
  const authorisationId = wave?.providerAuthorisationId ?? null;
  if (shipment?.state !== 'REQUESTED' || wave === null || authorisationId === null || wave.ended) return null;
  const part = partsOf(shipment).find((each) => each.wave === number && !each.captured);
  return part === undefined ? null : { part, shipmentId: shipment.shipmentId, wave, authorisationId };
}

/** True where nothing more will ever be taken of it; what one provider captured whole another ends with its first capture. */
function hasEnded(found: ProviderAuthorisation, { capturesMany }: PaymentProvider): boolean {
  return givesNoMore(found) || (found.status === 'CAPTURED' && !capturesMany);
}

function taken({ shipmentId, wave: { wave } }: Asked, { capturesMany }: PaymentProvider): Ending {
  const data = { shipmentId, wave, ends: !capturesMany };
  return { command: { type: 'RecordCaptured', data }, outcome: 'succeeded', reason: null };
}

const TAKEN_BY_OTHERS = 'something else was taken of the authorisation';

/** What it shows as taken is ours, as far as the payment was known when the call was claimed. */
function isOurs(
  { payment: { shipments } }: CardTask,
  { wave: { wave } }: Asked,
  found: ProviderAuthorisation,
) {
  return isTakenByUs(found, shipments, wave);
}

/**
 * Reads what the provider has; true when that ended the call, or postponed it. What ended, and of which something was taken that was not
 * ours when the call was claimed, is looked at once more if the provider was asked since: a shipment may have left meanwhile.
 */
async function foundOut(
  desk: CardDesk,
  task: CardTask,
  asked: Asked,
  provider: PaymentProvider,
  when: 'CLAIMED' | 'REFUSED',
): Promise<boolean> {
  const { instance } = task.call;
  const found = await provider.read(asked.authorisationId);
  if (found.kind === 'refused') await leaveToPerson(desk, task, found.reason, 'AS_BEFORE');
  else if (found.kind !== 'done') await postpone(desk, task, { ...found, kind: 'turned-away' });
  else if (found.value.captures.some((each) => each.instance === instance))
    await end(desk, task, taken(asked, provider));
  else if (found.value.status === 'AUTHORISED') return false;
  else if (!isOurs(task, asked, found.value) && when === 'REFUSED')
    await postpone(desk, task, { kind: 'turned-away', reason: TAKEN_BY_OTHERS });
  else if (isOurs(task, asked, found.value) && hasEnded(found.value, provider))
    await endWithout(desk, task, asked, found.value);
  else await leaveToPerson(desk, task, `the authorisation is ${found.value.status}`);
  return true;
}

/** It was not taken and cannot be any more: what the provider shows of the others is the last word on them as well. */
async function endWithout(
  desk: CardDesk,
  task: CardTask,
  { wave: { wave } }: Asked,
  { captures, status }: ProviderAuthorisation,
): Promise<void> {
  const command: PaymentCommand = {
    type: 'RecordAuthorisationEnded',
    data: { wave, taken: captures.map(({ instance }) => instance) },
  };
  await end(desk, task, { command, outcome: 'failed', reason: `the authorisation is ${status}` });
}

export async function capture(desk: CardDesk, task: CardTask): Promise<void> {
  const { call, payment } = task;
  const asked = partOfTask(task);
  if (asked === null) return end(desk, task, NOTHING_LEFT);
  const { part, wave, authorisationId } = asked;
  const { amountMinor } = part;
  const provider = await providerOf(desk, task, wave);
  if (provider === null) return;
  if (call.attempt > 1 && (await foundOut(desk, task, asked, provider, 'CLAIMED'))) return;
  if (!desk.mayAsk(task)) return postpone(desk, task, NOT_OURS);
  const { orderId, instance } = call;
  const reference = { orderId, purpose: PURPOSE, epoch: wave.wave, instance };
  // The same in every try of this call, whatever was taken meanwhile: a key has one body. The last of many parts ends it by its sum.
  const final = amountMinor === wave.authorisedMinor || !provider.capturesMany;
  const currencyCode = payment.currencyCode ?? '';
  const request = { amountMinor, currencyCode, final, reference };
  const answer = await provider.capture(authorisationId, request, call.providerKey);
  if (answer.kind === 'done') return end(desk, task, taken(asked, provider));
  if (answer.kind !== 'refused') return postpone(desk, task, answer);
  // It may have been refused because it ended meanwhile: then it is asked for again, and no person is needed.
  if (!(await foundOut(desk, task, asked, provider, 'REFUSED')))
    await leaveToPerson(desk, task, answer.reason);
}
