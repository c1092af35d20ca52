import { fingerprint } from '@crossdock/event-store';
import { databaseNow } from '../store/figures.ts';
import { refuseTtl } from './hold-input.ts';
import {
  decideHold,
  findHold,
  type HoldAnswer,
  refusedHold,
  requestHold,
  type StandingHoldRequest,
  unknownHold,
} from './hold-requests.ts';
import type { HandlerDependencies } from './request.ts';

export type ExtendHoldInput = Readonly<{ idempotencyKey: string; holdId: string; ttlSeconds: number }>;

/** Lets a live hold live so many seconds from now, by the database's clock; one that lives longer anyway stays as it is. */
export function createExtendHold({ sql, poke }: HandlerDependencies) {
  return async (request: StandingHoldRequest<ExtendHoldInput>): Promise<HoldAnswer> => {
    const { input, metadata, seesPartner } = request;
    const { holdId: named, ttlSeconds } = input;
    const refusals = refuseTtl(ttlSeconds);
    if (refusals.length > 0) return refusedHold(...refusals);
    const found = await findHold(sql, named, seesPartner);
    if (found === null) return refusedHold(unknownHold);
    const { holdId, partnerId } = found;
    const keyed = {
      ...{ scope: partnerId, operation: 'extendHold', key: input.idempotencyKey },
      fingerprint: fingerprint({ holdId, ttlSeconds }),
    };
    const answer = await requestHold(sql, { keyed, holdId }, async () => {
      const [hold, now] = await Promise.all([findHold(sql, holdId, seesPartner), databaseNow(sql)]);
      if (hold === null) return { refusals: [unknownHold] };
      const expiresAt = new Date(now.getTime() + ttlSeconds * 1_000).toISOString();
      const command = { type: 'ExtendHold', data: { expiresAt, isOver: hold.isOver } } as const;
      return decideHold({ hold, command, metadata, keyed });
    });
    if (answer.verdict === 'NEW' && answer.holdId !== null) poke();
    return answer;
  };
}
