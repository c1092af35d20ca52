import type { FactData } from '@crossdock/contracts';
import { unreachable } from '@crossdock/values';
import type { HoldEvent } from '../domain/hold/hold.ts';
import { skuQuantities } from './reservation-facts.ts';

type Published = {
  [T in HoldEvent['type']]: Readonly<{ type: T; data: FactData<'inventory', T> }>;
}[HoldEvent['type']];

/** What the others are told of a hold. */
export function holdFact(event: HoldEvent, hold: Readonly<{ holdId: string; partnerId: string }>): Published {
  const { holdId, partnerId } = hold;
  const of = { holdId, partnerId };
  switch (event.type) {
    case 'HoldPlaced': {
      const { lines, expiresAt } = event.data;
      return { type: event.type, data: { ...of, expiresAt, lines: skuQuantities(lines) } };
    }
    case 'HoldExtended':
      return { type: event.type, data: { ...of, expiresAt: event.data.expiresAt } };
    case 'HoldReleased':
      return { type: event.type, data: of };
    case 'HoldExpired':
      return { type: event.type, data: of };
    case 'HoldClaimed':
      return { type: event.type, data: { ...of, orderId: event.data.orderId } };
    case 'HoldBroken': {
      const { lines, cause } = event.data;
      return { type: event.type, data: { ...of, lines: skuQuantities(lines), cause } };
    }
    default:
      return unreachable(event);
  }
}
