// Counts books: what was charged twice, where they disagree, how much of what left was taken. Pure.
import type { Books, OrderBooks } from './books.ts';

export interface MoneyCounts {
  readonly orders: number;
  readonly byCard: number;
  /** Orders by card of which something left, and those of them whose money was taken. */
  readonly shippable: number;
  readonly captured: number;
  readonly capturedShare_percent: number;
  /** By card. */
  readonly refunded: number;
  readonly chargedTwice: number;
  readonly disagreeing: number;
  readonly heldCalls: number;
  readonly notFinal: number;
  /** Each breach in one sentence. */
  readonly breaches: readonly string[];
}

export function countMoney({ orders, doubles, heldCalls }: Books): MoneyCounts {
  const byCard = orders.filter((order) => order.byCard);
  const twice = [...doubles, ...byCard.flatMap(tooMuch)];
  const disagreeing = byCard.flatMap(disagreements);
  const open = orders.filter((order) => !order.isAtRest);
  const left = byCard.filter(({ shipped }) => shipped > 0);
  const captured = left.filter(({ shipped, captured: said, provider }) =>
    [said, provider.captured].every((amount) => amount === shipped),
  );
  return {
    ...{ orders: orders.length, byCard: byCard.length, shippable: left.length, captured: captured.length },
    capturedShare_percent: left.length === 0 ? 100 : (100 * captured.length) / left.length,
    refunded: byCard.filter(({ refunded }) => refunded > 0).length,
    ...{ chargedTwice: twice.length, disagreeing: disagreeing.length, heldCalls, notFinal: open.length },
    breaches: [
      ...twice,
      ...disagreeing,
      ...open.map(({ orderId }) => `order ${orderId}: is neither final nor owned`),
    ],
  };
}

/** Taken or given back beyond what left, or was asked for. What a held call was to do may be done without our knowing. */
function tooMuch({ orderId, shipped, givenUp, refunded, isHeld, provider }: OrderBooks): string[] {
  const due = shipped - givenUp;
  return [
    ...(provider.captured > due
      ? [
          `order ${orderId}: the provider captured ${provider.captured}, and ${due} was shipped${less(givenUp)}`,
        ]
      : []),
    ...(provider.refunded > refunded && !isHeld
      ? [`order ${orderId}: the provider gave back ${provider.refunded}, and ${refunded} was asked for`]
      : []),
  ];
}

const less = (givenUp: number) => (givenUp === 0 ? '' : ', less what was given up');

/** Of an order that a person owns, what was said must stand in the ledger; of any other, everybody says the same. */
function disagreements({
  orderId,
  shipped,
  givenUp,
  captured,
  refunded,
  ledger,
  provider,
  isHeld,
}: OrderBooks): string[] {
  const kept = provider.captured - provider.refunded;
  const due = shipped - givenUp - refunded;
  if (isHeld)
    return ledger === captured - refunded
      ? []
      : [`order ${orderId}: the ledger has ${ledger}, payments ${captured - refunded}`];
  if (kept === due && ledger === due) return [];
  return [
    `order ${orderId}: the provider kept ${kept}, the ledger has ${ledger}, and ${due} was shipped and not given back`,
  ];
}
