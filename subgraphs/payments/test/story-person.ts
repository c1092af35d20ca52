// A person as an order's story meets one: calls that cannot be made are left to them, and they have each tried again or give it up.
import type { Random } from '@crossdock/testing';
import type { CardCall } from '../src/domain/card-calls.ts';
import type { PaymentCommand, PaymentState } from '../src/domain/payment.ts';
import type { StoryProvider } from './story-provider.ts';

export type PersonsDesk = Readonly<{
  state: PaymentState;
  provider: StoryProvider;
  random: Random;
  open: CardCall[];
  /** Calls that wait for a person and are not made meanwhile. */
  waiting: CardCall[];
  givesUp: boolean;
}>;

type Decide = (command: PaymentCommand) => void;

/** True for an order's first authorisation: an order whose stands not is none. */
const isFirst = ({ operation, instance }: Pick<CardCall, 'operation' | 'instance'>) =>
  operation === 'authorise' && instance === '1';

/** A call that did nothing, and that the provider refuses for good, waits for a person. */
export function leaveToPerson({ provider, random, open, waiting }: PersonsDesk, decide: Decide): void {
  const call = random.pick(open);
  if (isFirst(call) || provider.hasDone(call) || random.chance(0.5)) return;
  open.splice(open.indexOf(call), 1);
  waiting.push(call);
  const { operation, instance } = call;
  decide({ type: 'HoldCall', data: { operation, instance, reason: 'refused', became: 'NOTHING_DONE' } });
}

export function actAsPerson({ state, random, givesUp }: PersonsDesk, decide: Decide): void {
  const { operation, instance } = random.pick(state.held);
  const type = givesUp && random.chance(0.6) ? 'GiveUpHeldCall' : 'RetryHeldCall';
  decide({ type, data: { operation, instance } });
}
