import {
  type FINAL_STAGES,
  type Hold,
  isFinal,
  type OrderStage,
  type OrderState,
  stageOf,
} from './order-state.ts';

/** Stages in which an order waits for somebody else's next step. */
export type WaitingStage = Exclude<OrderStage, (typeof FINAL_STAGES)[number]>;

/** Seconds an order may wait in a stage since its last fact. */
export type Deadlines = Readonly<Record<WaitingStage, number>>;

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

export const DEADLINES_S: Deadlines = {
  // Stock and payment are decided in a second or two; a minute outlasts every retry but a real outage.
  PLACED: MINUTE_S,
  // Receipts may take a season; after that somebody should ask the partner.
  BACKORDERED: 90 * DAY_S,
  // Routing yields the machine to placing: under the heaviest load it comes a minute late and is well.
  CONFIRMED: 2 * MINUTE_S,
  // A warehouse that works one shift a day picks within a day.
  RELEASED: DAY_S,
  // The rest of an order may wait for the next truck of another warehouse.
  PARTIALLY_SHIPPED: 7 * DAY_S,
};

/**
 * Seconds from each reminder to the next look; after the last one the order is held. They grow, so that a short outage
 * costs few reminders, and end early enough: an order that waits for stock has an owner two minutes after it was placed.
 */
export const REMINDER_GAPS_S = [5, 15, 30] as const;

/** Seconds between looks at an order that waits for a person: once it moves on, its deadline counts again. */
export const LOOK_AGAIN_S = MINUTE_S;

/** Who must act when an order stays where it is. */
const OWNERS: Readonly<Record<WaitingStage, string>> = {
  PLACED: 'order operations',
  BACKORDERED: 'sales operations',
  CONFIRMED: 'warehouse operations',
  RELEASED: 'warehouse operations',
  PARTIALLY_SHIPPED: 'warehouse operations',
};

/** Who decides its payment: our credit, or the card's provider. */
export type PaymentMethod = 'TERMS' | 'CARD';

/** What one look at an order brings; `lookAfterS` counts from now. */
export type Due =
  | Readonly<{ type: 'Forget' }>
  | Readonly<{ type: 'Wait'; lookAfterS: number }>
  | Readonly<{ type: 'Remind'; reminder: number; lookAfterS: number }>
  | Readonly<{ type: 'Hold'; hold: Hold; lookAfterS: number }>;

/** What a deadline is judged on. `waitedS` and `reminders` count from the order's last fact. */
export type Waiting = Readonly<{
  state: Pick<OrderState, 'status' | 'heldFrom' | 'stock' | 'unitsConfirmed' | 'unitsShipped'>;
  /** Null where it does not matter any more. */
  paymentMethod: PaymentMethod | null;
  waitedS: number;
  reminders: number;
}>;

/** Reminds those who owe the next step a few times, then gives the order to a person. Time never ends an order here. */
export function dueOf({ state, paymentMethod, waitedS, reminders }: Waiting, deadlines: Deadlines): Due {
  // Once all has left, too, an order may be held: for its payment.
  if (state.status === 'ON_HOLD') return { type: 'Wait', lookAfterS: LOOK_AGAIN_S };
  const stage = waitsAt(state);
  if (isFinal(stage)) return { type: 'Forget' };
  if (!isWaiting(stage)) return { type: 'Wait', lookAfterS: LOOK_AGAIN_S };
  const leftS = deadlines[stage] - waitedS;
  if (reminders === 0 && leftS > 0) return { type: 'Wait', lookAfterS: leftS };
  const gapS = REMINDER_GAPS_S[reminders];
  if (gapS !== undefined) return { type: 'Remind', reminder: reminders + 1, lookAfterS: gapS };
  return {
    type: 'Hold',
    hold: holdOf(missing(stage, state.stock, paymentMethod), stage, waitedS),
    lookAfterS: LOOK_AGAIN_S,
  };
}

/** An order of which all that was confirmed has left waits for receipts, like one that got nothing yet. */
function waitsAt(state: Waiting['state']): OrderStage | 'NONE' {
  const stage = stageOf(state);
  const hasAllLeft = state.unitsConfirmed !== null && state.unitsShipped >= state.unitsConfirmed;
  return stage === 'PARTIALLY_SHIPPED' && hasAllLeft ? 'BACKORDERED' : stage;
}

/** The deadlines with those an operator chose in place of their own. */
export function deadlinesWith(chosen: Readonly<{ [S in WaitingStage]?: number | undefined }>): Deadlines {
  return {
    PLACED: chosen.PLACED ?? DEADLINES_S.PLACED,
    BACKORDERED: chosen.BACKORDERED ?? DEADLINES_S.BACKORDERED,
    CONFIRMED: chosen.CONFIRMED ?? DEADLINES_S.CONFIRMED,
    RELEASED: chosen.RELEASED ?? DEADLINES_S.RELEASED,
    PARTIALLY_SHIPPED: chosen.PARTIALLY_SHIPPED ?? DEADLINES_S.PARTIALLY_SHIPPED,
  };
}

/** The shortest of the deadlines: before it no order needs a look. */
export function shortestDeadlineS(deadlines: Deadlines): number {
  return Math.min(...Object.values(deadlines));
}

function isWaiting(stage: OrderStage | 'NONE'): stage is WaitingStage {
  return Object.hasOwn(DEADLINES_S, stage);
}

function holdOf(what: string, stage: WaitingStage, waitedS: number): Hold {
  const waited = `after ${Math.floor(waitedS)} s and ${REMINDER_GAPS_S.length} reminders`;
  return { reason: `${what} ${waited}.`, owner: OWNERS[stage] };
}

function missing(
  stage: WaitingStage,
  stock: OrderState['stock'],
  paymentMethod: PaymentMethod | null,
): string {
  switch (stage) {
    case 'PLACED':
      if (stock === 'OPEN') return 'Stock was neither reserved nor short';
      return paymentMethod === 'CARD'
        ? 'The card provider has not answered'
        : 'The payment was not decided: its credit was neither given nor refused';
    case 'BACKORDERED':
      return 'Nothing that it waits for was received';
    case 'CONFIRMED':
      return 'No warehouse was told to pick';
    case 'RELEASED':
      return 'No shipment left';
    case 'PARTIALLY_SHIPPED':
      return 'The rest did not leave';
  }
}
