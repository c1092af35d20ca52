import { subjectOf } from '../domain/card-calls.ts';
import { capturedFrom, type Part, partsOf } from '../domain/shipment.ts';
import type { Wave } from '../domain/wave.ts';
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

/** What a capture is still to take, of which shipment, and from whose authorisation; null when nothing is left to do. */
function partOfTask(task: CardTask): Readonly<{ part: Part; shipmentId: string; wave: Wave }> | null {
  const { wave: number, shipmentId } = subjectOf(task.call);
  const shipment = task.payment.shipments.find((each) => each.shipmentId === shipmentId);
  const wave = waveOfTask(task);
  if (shipment?.state !== 'REQUESTED' || wave === null) return null;
  const part = partsOf(shipment).find((each) => each.wave === number && !each.captured);
  return part === undefined ? null : { part, shipmentId: shipment.shipmentId, wave };
}

export async function capture(desk: CardDesk, task: CardTask): Promise<void> {
  const { call, payment } = task;
  const asked = partOfTask(task);
  const id = asked?.wave.providerAuthorisationId ?? null;
  if (asked === null || id === null) return end(desk, task, NOTHING_LEFT);
  const { shipmentId, wave } = asked;
  const { amountMinor } = asked.part;
  const provider = await providerOf(desk, task, wave);
  if (provider === null) return;
  const taken: Ending = {
    command: { type: 'RecordCaptured', data: { shipmentId, wave: wave.wave } },
    outcome: 'succeeded',
    reason: null,
  };
  if (call.attempt > 1) {
    const found = await provider.read(id);
    if (found.kind === 'refused') return leaveToPerson(desk, task, found.reason);
    if (found.kind !== 'done') return postpone(desk, task, { ...found, kind: 'turned-away' });
    if (found.value.captures.some(({ instance }) => instance === call.instance))
      return end(desk, task, taken);
    if (found.value.status !== 'AUTHORISED')
      return leaveToPerson(desk, task, `the authorisation is ${found.value.status}`);
  }
  if (!desk.mayAsk(task)) return postpone(desk, task, NOT_OURS);
  const { orderId, instance } = call;
  const reference = { orderId, purpose: PURPOSE, epoch: wave.wave, instance };
  const final = capturedFrom(payment.shipments, wave.wave) + amountMinor === wave.authorisedMinor;
  const answer = await provider.capture(id, { amountMinor, final, reference }, call.providerKey);
  if (answer.kind === 'done') return end(desk, task, taken);
  if (answer.kind === 'refused') return leaveToPerson(desk, task, answer.reason);
  return postpone(desk, task, answer);
}
