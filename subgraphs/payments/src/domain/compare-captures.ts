import { instanceOf, subjectOf } from './card-calls.ts';
import {
  authorisingOf,
  type FoundCapture,
  isUnread,
  netMinor,
  type OrderMoney,
  pendingCalls,
} from './order-money.ts';
import {
  amountIn,
  CARD_WAITS_FOR_PERSON,
  NOTHING_HEALS,
  orderOf,
  type PaymentBreak,
  replayOf,
} from './payment-break.ts';
import { isOver, type Part, partsOf } from './shipment.ts';

const TWICE =
  'Money was taken that nothing shipped stands for. Give it back at the provider, then close this.';
const NOT_BOOKED =
  'The provider took money that we did not book. Find out what it is for; give it back at the provider or note it in your own books, then close this.';
const NOT_TAKEN =
  'We booked money that the provider did not take. Take it at the provider or from the partner, then close this.';
const NOT_ASKED =
  'Goods left, and nothing was taken for them. Replay the dead letter of the order; where there is none, take the money from the partner and close this.';
const GIVEN_UP =
  'Goods left, and a person gave up to take this by card: nothing asks for it any more. Take it from the partner in another way, or write it off; then close this.';
const OTHER_AMOUNT =
  'The provider took another amount than was booked. Correct it at the provider, then close this.';

/** A capture with currency and provider of its authorisation; `isOurs` where a wave names that authorisation. */
type Taken = FoundCapture & Readonly<{ provider: string; currencyCode: string; isOurs: boolean }>;
type Planned = Part & Readonly<{ instance: string }>;

/** All captures by our instance, those of authorisations that a wave names before the others. */
function takenByInstance({ authorisations, payment }: OrderMoney): ReadonlyMap<string, readonly Taken[]> {
  const known = new Set(payment?.waves.map((wave) => wave.providerAuthorisationId));
  const taken = authorisations.flatMap(({ id, provider, currencyCode, captures }) =>
    captures.map((capture): Taken => ({ ...capture, provider, currencyCode, isOurs: known.has(id) })),
  );
  const ordered = taken.toSorted((left, right) => Number(right.isOurs) - Number(left.isOurs));
  return Map.groupBy(ordered, ({ instance }) => instance);
}

function plannedParts({ payment }: OrderMoney): readonly Planned[] {
  return (payment?.shipments ?? []).flatMap((shipment) =>
    partsOf(shipment).map((part) => ({
      ...part,
      instance: instanceOf({ wave: part.wave, shipmentId: shipment.shipmentId }),
    })),
  );
}

function needless(
  money: OrderMoney,
  kind: 'TAKEN_TWICE' | 'CAPTURE_NOT_IN_LEDGER',
  taken: Taken,
): PaymentBreak[] {
  const left = netMinor(taken);
  if (left <= 0) return [];
  const amount = amountIn(taken.currencyCode);
  const detail = kind === 'TAKEN_TWICE' ? TWICE : NOT_BOOKED;
  const { id: subject, provider } = taken;
  const about = { kind, subject, orderId: orderOf(money), provider, detail, healing: NOTHING_HEALS };
  return [{ ...about, expected: amount(0), found: amount(left) }];
}

/** Captures that no shipment is to be taken by: of a shipment that is taken otherwise, they took it again. */
function compareUnplanned(money: OrderMoney, instance: string, captures: readonly Taken[]): PaymentBreak[] {
  const { shipmentId } = subjectOf({ operation: 'capture', instance });
  const isTaken = money.payment?.shipments.some((each) => each.shipmentId === shipmentId && isOver(each));
  const kind = isTaken === true ? 'TAKEN_TWICE' : 'CAPTURE_NOT_IN_LEDGER';
  return captures.flatMap((taken) => needless(money, kind, taken));
}

function compareBooked(money: OrderMoney, part: Planned, first: Taken | undefined): PaymentBreak[] {
  const amount = amountIn(money.payment?.currencyCode);
  const expected = amount(part.amountMinor);
  const about = { orderId: money.orderId, expected, healing: NOTHING_HEALS };
  if (first === undefined) {
    const missing = { subject: part.instance, found: amount(0), detail: NOT_TAKEN };
    return [{ kind: 'CAPTURE_NOT_AT_PROVIDER', ...about, ...missing }];
  }
  const { amountMinor, currencyCode } = first;
  if (amountMinor === part.amountMinor && currencyCode === money.payment?.currencyCode) return [];
  const differs = { subject: first.id, found: { amountMinor, currencyCode }, detail: OTHER_AMOUNT };
  return [{ kind: 'AMOUNT_DIFFERS', ...about, ...differs }];
}

/** Asked for and not known to be taken. While the call is being made, it finds out; a held one does once it is replayed. */
function compareRequested(money: OrderMoney, part: Planned, first: Taken | undefined): PaymentBreak[] {
  const pending = pendingCalls(money, 'capture', (instance) => instance === part.instance);
  if (pending.isAsked) return [];
  // Of an authorisation that ended the part waits for the renewal.
  const hasEnded = money.payment?.waves.some(({ wave, ended }) => wave === part.wave && ended) === true;
  const authorising = hasEnded ? authorisingOf(money) : 'NOT_ASKED';
  if (first === undefined && authorising === 'ASKED') return [];
  const amount = amountIn(money.payment?.currencyCode);
  const about = { subject: part.instance, orderId: money.orderId };
  if (first === undefined) {
    const detail = authorising === 'HELD' ? CARD_WAITS_FOR_PERSON : NOT_ASKED;
    const missing = { expected: amount(part.amountMinor), found: amount(0), detail };
    return [{ kind: 'SHIPPED_NOT_TAKEN', ...about, ...missing, healing: NOTHING_HEALS }];
  }
  const unbooked = { expected: amount(0), found: amountIn(first.currencyCode)(first.amountMinor) };
  const healing = replayOf(pending);
  return [{ kind: 'CAPTURE_NOT_IN_LEDGER', ...about, ...unbooked, detail: NOT_BOOKED, healing }];
}

/** What was not found may be with a provider that could not be asked. */
function comparePart(money: OrderMoney, part: Planned, first: Taken | undefined): PaymentBreak[] {
  if (first === undefined && isUnread(money, part.wave)) return [];
  return part.captured ? compareBooked(money, part, first) : compareRequested(money, part, first);
}

/** Names what was given up of a shipment; no shipment is called so, and no capture that is still to be made. */
function subjectOfGivenUp(shipmentId: string, wave: number | null): string {
  return `${shipmentId}/${wave ?? 'rest'}`;
}

/** What a person gave up, but for what the provider shows as taken: that is told as such. One of a kind and subject is one difference. */
function compareGivenUp(money: OrderMoney, taken: ReadonlyMap<string, readonly Taken[]>): PaymentBreak[] {
  const amount = amountIn(money.payment?.currencyCode);
  return (money.payment?.shipments ?? []).flatMap(({ shipmentId, givenUp = [] }): PaymentBreak[] =>
    [...Map.groupBy(givenUp, ({ wave }) => wave)].flatMap(([wave, given]): PaymentBreak[] => {
      if (wave !== null && taken.has(instanceOf({ wave, shipmentId }))) return [];
      const givenMinor = given.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      const amounts = { expected: amount(givenMinor), found: amount(0) };
      const subject = subjectOfGivenUp(shipmentId, wave);
      const about = { subject, orderId: money.orderId, detail: GIVEN_UP, healing: NOTHING_HEALS };
      return [{ kind: 'SHIPPED_NOT_TAKEN', ...about, ...amounts }];
    }),
  );
}

/** Compares what providers took with what was asked and recorded. Money that came twice is never given back here. */
export function compareCaptures(money: OrderMoney): PaymentBreak[] {
  const { payment } = money;
  const taken = takenByInstance(money);
  const planned =
    payment?.method === 'TERMS' ? [] : plannedParts(money).filter((part) => part.amountMinor > 0);
  const instances = new Set(planned.map(({ instance }) => instance));
  const breaks = compareGivenUp(money, taken);
  const ofPlanned = planned.flatMap((part) => {
    const [first, ...again] = taken.get(part.instance) ?? [];
    const compared = comparePart(money, part, first);
    return [...compared, ...again.flatMap((each) => needless(money, 'TAKEN_TWICE', each))];
  });
  breaks.push(...ofPlanned);
  for (const [instance, captures] of taken)
    if (!instances.has(instance)) breaks.push(...compareUnplanned(money, instance, captures));
  return breaks;
}

/** The captures that stand for shipments, whose refunds are ours. */
export function capturesOfShipments(money: OrderMoney): readonly FoundCapture[] {
  const taken = takenByInstance(money);
  return plannedParts(money).flatMap(({ instance }) => taken.get(instance)?.[0] ?? []);
}
