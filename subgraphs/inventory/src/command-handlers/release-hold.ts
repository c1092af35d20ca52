import { fingerprint } from '@crossdock/event-store';
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

export type ReleaseHoldInput = Readonly<{ idempotencyKey: string; holdId: string }>;

/** Gives a live hold's units back. */
export function createReleaseHold({ sql, poke }: HandlerDependencies) {
  return async (request: StandingHoldRequest<ReleaseHoldInput>): Promise<HoldAnswer> => {
    const { input, metadata, seesPartner } = request;
    const found = await findHold(sql, input.holdId, seesPartner);
    if (found === null) return refusedHold(unknownHold);
    const { holdId, partnerId } = found;
    const keyed = {
      ...{ scope: partnerId, operation: 'releaseHold', key: input.idempotencyKey },
      fingerprint: fingerprint({ holdId }),
    };
    const answer = await requestHold(sql, { keyed, holdId }, async () => {
      const hold = await findHold(sql, holdId, seesPartner);
      if (hold === null) return { refusals: [unknownHold] };
      const command = { type: 'ReleaseHold', data: { isOver: hold.isOver } } as const;
      return decideHold({ hold, command, metadata, keyed });
    });
    if (answer.verdict === 'NEW' && answer.holdId !== null) poke();
    return answer;
  };
}
