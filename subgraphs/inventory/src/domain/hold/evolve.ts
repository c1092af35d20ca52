import { unreachable } from '@crossdock/values';
import { lessUnits, unpriced } from '../reservation/claims.ts';
import type { Hold, HoldEvent } from './hold.ts';

export function evolveHold(state: Hold, event: HoldEvent): Hold {
  switch (event.type) {
    case 'HoldPlaced':
      return { ...state, status: 'ACTIVE', lines: event.data.lines, expiresAt: event.data.expiresAt };
    case 'HoldExtended':
      return { ...state, expiresAt: event.data.expiresAt };
    case 'HoldReleased':
      return { ...state, status: 'RELEASED' };
    case 'HoldExpired':
      return { ...state, status: 'EXPIRED' };
    case 'HoldClaimed':
      return { ...state, status: 'CLAIMED', orderId: event.data.orderId };
    case 'HoldBroken':
      return { ...state, lines: unpriced(lessUnits(state.lines, event.data.lines)) };
    default:
      return unreachable(event);
  }
}
