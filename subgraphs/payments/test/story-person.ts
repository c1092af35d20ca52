// A person as an order's story meets one: calls that cannot be made are left to them, each with a letter. They replay it or discard it,
// also where its call has ended in another way, and count on what they are told.
import type { Random } from '@crossdock/testing';
import { type CardCall, subjectOf } from '../src/domain/card-calls.ts';
import { decide as decided } from '../src/domain/decide.ts';
import { evolve } from '../src/domain/evolve.ts';
import type { OfCall } from '../src/domain/held-call.ts';
import type { PaymentCommand, PaymentEvent, PaymentState } from '../src/domain/payment.ts';
import { notGivenUp } from '../src/domain/still-asked.ts';
import { descendsFrom } from '../src/domain/wave.ts';
import type { StoryProvider } from './story-provider.ts';

/** What a person has on the desk: letters that are parked, and calls that they discarded and were told to be given up. */
export type Letters = Readonly<{ parked: OfCall[]; givenUp: OfCall[]; refused: OfCall[] }>;

export type PersonsDesk = Readonly<{
  state: PaymentState;
  provider: StoryProvider;
  random: Random;
  open: CardCall[];
  /** Calls that wait for a person and are not made meanwhile. */
  waiting: CardCall[];
  letters: Letters;
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

/** Each call that is left to a person has a letter. */
export function parkLetters({ parked }: Letters, events: readonly PaymentEvent[]): void {
  for (const event of events) {
    if (event.type !== 'PaymentHeld') continue;
    const { operation, instance } = event.data;
    parked.push({ operation, instance });
  }
}

/** Nothing of a discard that is not carried out is written, and its letter stays. */
export function actAsPerson({ state, random, letters, givesUp }: PersonsDesk, decide: Decide): void {
  const data = random.pick(letters.parked);
  const type = givesUp && random.chance(0.6) ? 'GiveUpHeldCall' : 'RetryHeldCall';
  const command: PaymentCommand = { type, data };
  if (type === 'GiveUpHeldCall') {
    const after = decided(command, state).reduce(evolve, state);
    if (notGivenUp(after, data) !== null) return void letters.refused.push(data);
    letters.givenUp.push(data);
  }
  letters.parked.splice(letters.parked.indexOf(data), 1);
  decide(command);
}

/**
 * Where the part is that a discarded capture was to take: where it was given up, else wherever it may be. A shipment may be taken from an
 * authorisation and from a renewal of it, as two parts.
 */
function wavesOf({ waves, shipments }: PaymentState, capture: OfCall): ReadonlySet<number> {
  const { wave, shipmentId } = subjectOf(capture);
  const descends = (of: number) => of === wave || descendsFrom(waves, of, wave);
  const givenUp = shipments.find((each) => each.shipmentId === shipmentId)?.givenUp ?? [];
  const there = givenUp.flatMap((part) => (part.wave !== null && descends(part.wave) ? [part.wave] : []));
  const anywhere = waves.flatMap((each) => (descends(each.wave) ? [each.wave] : []));
  return new Set([wave, ...(there.length > 0 ? there : anywhere)]);
}

/** What a provider took of parts that a person was told to have given up: under their own calls, or from renewals. */
export function takenThoughGivenUp(
  state: PaymentState,
  { authorisations }: StoryProvider,
  { givenUp }: Letters,
): string[] {
  const captures = givenUp
    .filter(({ operation }) => operation === 'capture')
    .map((call) => ({ shipmentId: subjectOf(call).shipmentId, waves: wavesOf(state, call) }));
  return [...authorisations.values()].flatMap(({ captured }) =>
    [...captured.keys()].filter((instance) => {
      const taken = subjectOf({ operation: 'capture', instance });
      return captures.some(
        ({ waves, shipmentId }) => shipmentId === taken.shipmentId && waves.has(taken.wave),
      );
    }),
  );
}
