import { instanceOf, subjectOf } from '../domain/card-calls.ts';
import { isOpenRefund, type RefundPart } from '../domain/refund.ts';
import type { Wave } from '../domain/wave.ts';
import type { PaymentProvider, ProviderCapture } from '../ports.ts';
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
} from './card-desk.ts';

const REFUND = 'refund';

type AskedRefund = Readonly<{
  refundId: string;
  part: RefundPart;
  /** The one whose authorisation it was taken from; null where no such wave is known. */
  wave: Wave | null;
}>;

/** What is still to be given back, and of whose authorisation; null when nothing is left to do. */
function refundOfTask({ call, payment }: CardTask): AskedRefund | null {
  const { wave: number, shipmentId, refundId } = subjectOf(call);
  const refund = payment.refunds.find((each) => each.refundId === refundId);
  const part = refund?.parts.find((each) => each.shipmentId === shipmentId && each.wave === number);
  if (refund === undefined || part === undefined || !isOpenRefund(part)) return null;
  const wave = payment.waves.find((each) => each.wave === number) ?? null;
  return { refundId: refund.refundId, part, wave };
}

const GIVEN_UP_BUT_MADE = 'a refund of it that was given up was made after all';

/** True where the provider made what a person gave up of the same: what is asked for now may stand for that. */
function hasMadeGivenUp(
  { payment }: CardTask,
  { part: { shipmentId, wave } }: AskedRefund,
  { refunds }: ProviderCapture,
) {
  const made = new Set(refunds.map(({ instance }) => instance));
  return payment.refunds.some(({ refundId, parts }) =>
    parts.some(
      (part) =>
        part.givenUp === true &&
        part.shipmentId === shipmentId &&
        part.wave === wave &&
        made.has(instanceOf({ wave, shipmentId, refundId })),
    ),
  );
}

/** Asks for a refund that the provider, read just now, does not have. */
async function ask(
  desk: CardDesk,
  task: CardTask,
  provider: PaymentProvider,
  { part }: AskedRefund,
  { id }: ProviderCapture,
  done: Ending,
): Promise<void> {
  const { orderId, instance, providerKey } = task.call;
  const reference = { orderId, purpose: REFUND, epoch: part.wave, instance };
  const currencyCode = task.payment.currencyCode ?? '';
  const request = { amountMinor: part.amountMinor, currencyCode, reference };
  if (!desk.mayAsk(task)) return postpone(desk, task, NOT_OURS);
  const answer = await provider.refund(id, request, providerKey);
  if (answer.kind === 'done') return end(desk, task, done);
  if (answer.kind === 'refused') return leaveToPerson(desk, task, answer.reason);
  return postpone(desk, task, answer);
}

/**
 * Gives back one part of what was taken. The authorisation is always read first: it names the capture, whose id is not kept here,
 * and shows whether an earlier try gave it back. So an outcome that is not known is read, and what is asked again has the same key. What
 * was given up and asked for anew has another one: where the first was made without our knowing, a person decides about the second.
 */
export async function refund(desk: CardDesk, task: CardTask): Promise<void> {
  const asked = refundOfTask(task);
  if (asked === null) return end(desk, task, NOTHING_LEFT);
  const { refundId, part, wave } = asked;
  const id = wave?.providerAuthorisationId ?? null;
  if (wave === null || id === null)
    return leaveToPerson(desk, task, 'the authorisation it was taken from is not known');
  const provider = await providerOf(desk, task, wave);
  if (provider === null) return;
  const found = await provider.read(id);
  if (found.kind === 'refused') return leaveToPerson(desk, task, found.reason, 'AS_BEFORE');
  // A read moves no money: whatever became of it, no more is unknown than was before.
  if (found.kind !== 'done') return postpone(desk, task, { ...found, kind: 'turned-away' });
  const taken = instanceOf({ wave: part.wave, shipmentId: part.shipmentId });
  const capture = found.value.captures.find(({ instance }) => instance === taken);
  if (capture === undefined) return leaveToPerson(desk, task, 'the provider shows no such capture');
  const done: Ending = {
    command: { type: 'RecordRefunded', data: { refundId, shipmentId: part.shipmentId, wave: part.wave } },
    outcome: 'succeeded',
    reason: null,
  };
  if (capture.refunds.some(({ instance }) => instance === task.call.instance)) return end(desk, task, done);
  if (hasMadeGivenUp(task, asked, capture)) return leaveToPerson(desk, task, GIVEN_UP_BUT_MADE, 'AS_BEFORE');
  return ask(desk, task, provider, asked, capture, done);
}
