import { accept, type Decider, type Message, reject } from '@crossdock/event-sourcing';
import { unreachable } from '@crossdock/values';
import type { Units } from '../reservation/reservation.ts';
import { evolveHold } from './evolve.ts';
import { type Hold, type HoldEvent, noHold } from './hold.ts';

/** Live holds of one partner at most, so that nobody blocks the stock with holds that are never bought. */
export const LIVE_HOLDS_MAX = 200;

/** `available` holds a figure for each line, in their order; `alive` counts the partner's live holds. */
export type PlaceHold = Message<
  'PlaceHold',
  { lines: readonly Units[]; available: readonly number[]; alive: number; expiresAt: string }
>;
/** `isOver`: its time has run out by the database's clock, whether somebody noticed yet or not. */
export type ExtendHold = Message<'ExtendHold', { expiresAt: string; isOver: boolean }>;
export type ReleaseHold = Message<'ReleaseHold', { isOver: boolean }>;
export type ExpireHold = Message<'ExpireHold', { isOver: boolean }>;
export type HoldCommand = PlaceHold | ExtendHold | ReleaseHold | ExpireHold;

/** `index` is the place of the line in the request. */
export type ShortLine = Readonly<{ index: number; sku: string; requested: number; available: number }>;
export type HoldRefusal =
  | Message<'HoldShort', { short: readonly ShortLine[] }>
  | Message<'TooManyHolds', { alive: number }>
  | Message<'HoldOver', Record<never, never>>;

const over = reject<HoldRefusal>({ type: 'HoldOver', data: {} });

/** All lines or none: a basket of which a part is held helps nobody. */
function place({ lines, available, alive, expiresAt }: PlaceHold['data']) {
  if (alive >= LIVE_HOLDS_MAX) return reject<HoldRefusal>({ type: 'TooManyHolds', data: { alive } });
  const short = lines.flatMap(([sku, requested], index) => {
    const there = Math.max(0, available[index] ?? 0);
    return there < requested ? [{ index, sku, requested, available: there }] : [];
  });
  if (short.length > 0) return reject<HoldRefusal>({ type: 'HoldShort', data: { short } });
  return accept<HoldEvent>({ type: 'HoldPlaced', data: { lines, expiresAt } });
}

function decide(command: HoldCommand, state: Hold) {
  if (command.type === 'PlaceHold') return state.status === null ? place(command.data) : over;
  const isAlive = state.status === 'ACTIVE';
  switch (command.type) {
    case 'ExtendHold': {
      const { expiresAt, isOver } = command.data;
      if (!isAlive || isOver) return over;
      // Both are instants of one clock in one form, whose order is that of their texts: a hold is never shortened.
      return expiresAt > state.expiresAt
        ? accept<HoldEvent>({ type: 'HoldExtended', data: { expiresAt } })
        : accept<HoldEvent>();
    }
    case 'ReleaseHold':
      return isAlive && !command.data.isOver
        ? accept<HoldEvent>({ type: 'HoldReleased', data: { lines: state.lines } })
        : over;
    case 'ExpireHold':
      return isAlive && command.data.isOver
        ? accept<HoldEvent>({ type: 'HoldExpired', data: { lines: state.lines } })
        : accept<HoldEvent>();
    default:
      return unreachable(command);
  }
}

/**
 * The rule book of what its owner, or the clock, wants of a hold. What an order claims of it, and what of it is not there, is
 * decided with the orders (claim.ts). Accepting without an event: there is nothing to do.
 */
export const holdDecider: Decider<HoldCommand, HoldEvent, Hold, HoldRefusal> = {
  initialState: noHold,
  decide,
  evolve: evolveHold,
};
