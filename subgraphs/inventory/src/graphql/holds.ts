import { forbidden, refuseIdempotencyKey, refuseKeyVerdict, seesPartner } from '@crossdock/subgraph-server';
import { invariant, isStorable, isUuid, type Refusal, refusal } from '@crossdock/values';
import type { HoldAnswer } from '../command-handlers/hold-requests.ts';
import { type HoldView, holdById } from '../read-models/holds.ts';
import type { Context } from './context.ts';
import { metadataOf } from './metadata.ts';
import type {
  ExtendHoldInput,
  HoldStockInput,
  MutationResolvers,
  QueryResolvers,
  ReleaseHoldInput,
} from './schema.generated.ts';

/** Seconds a hold lives unless told otherwise. */
const TTL_S = 900;
const HOLDERS = new Set(['buyer', 'approver', 'rep', 'erp']);
/** Their token names the one partner they act for. */
const ACT_FOR_ONE = new Set(['buyer', 'approver']);

const refused = (...userErrors: readonly Refusal[]) => ({ hold: null, replayed: false, userErrors });

/** The partner that units are held for; null where the caller may not hold any for it. */
function partnerOf({ partnerId }: HoldStockInput, { caller }: Context): string | null {
  const named = partnerId ?? (ACT_FOR_ONE.has(caller.role) ? caller.partnerIds[0] : undefined);
  return named !== undefined && isStorable(named) && seesPartner(caller, named) ? named : null;
}

function viewOf({ holdId, partnerId, status, expiresAt, lines, orderId }: HoldView) {
  return {
    ...{ id: holdId, partnerId, status, orderId },
    expiresAt: expiresAt.toISOString(),
    lines: lines.filter(([, quantity]) => quantity > 0).map(([sku, quantity]) => ({ sku, quantity })),
  };
}

/** Why the caller cannot ask anything of holds with this key, or null. Throws where its role may not. */
function refuseCaller({ caller }: Context, idempotencyKey: string): Refusal | null {
  if (!HOLDERS.has(caller.role)) throw forbidden();
  return refuseIdempotencyKey(idempotencyKey);
}

async function payloadOf({ verdict, holdId, refusals }: HoldAnswer, { read }: Context) {
  const keyTaken = refuseKeyVerdict(verdict);
  if (keyTaken !== null) return refused(keyTaken);
  if (holdId === null) return refused(...refusals);
  const hold = await holdById(read, holdId);
  invariant(hold !== null, `hold ${holdId} was just answered`);
  return { hold: viewOf(hold), replayed: verdict === 'REPLAYED', userErrors: [] };
}

async function holdStock(input: HoldStockInput, context: Context) {
  const badKey = refuseCaller(context, input.idempotencyKey);
  if (badKey !== null) return refused(badKey);
  const partnerId = partnerOf(input, context);
  if (partnerId === null) return refused(refusal('UNKNOWN_PARTNER', { field: ['partnerId'] }));
  const { idempotencyKey, ttlSeconds = TTL_S, lines } = input;
  const wanted = { idempotencyKey, partnerId, ttlSeconds, lines };
  const answer = await context.handlers.holdStock({ input: wanted, metadata: metadataOf(context) });
  return payloadOf(answer, context);
}

/** What a handler needs of a caller that names a hold which stands. */
const standing = <Input>(input: Input, context: Context) => ({
  input,
  metadata: metadataOf(context),
  seesPartner: (partnerId: string) => seesPartner(context.caller, partnerId),
});

async function extendHold(input: ExtendHoldInput, context: Context) {
  const badKey = refuseCaller(context, input.idempotencyKey);
  if (badKey !== null) return refused(badKey);
  const wanted = { ...input, ttlSeconds: input.ttlSeconds ?? TTL_S };
  return payloadOf(await context.handlers.extendHold(standing(wanted, context)), context);
}

async function releaseHold(input: ReleaseHoldInput, context: Context) {
  const badKey = refuseCaller(context, input.idempotencyKey);
  if (badKey !== null) return refused(badKey);
  return payloadOf(await context.handlers.releaseHold(standing(input, context)), context);
}

export const holdMutations = {
  holdStock: (_parent, { input }, context) => holdStock(input, context),
  extendHold: (_parent, { input }, context) => extendHold(input, context),
  releaseHold: (_parent, { input }, context) => releaseHold(input, context),
} satisfies MutationResolvers;

export const holdQueries = {
  stockHold: async (_parent, { id }, { caller, read }) => {
    const hold = isUuid(id) ? await holdById(read, id) : null;
    return hold !== null && seesPartner(caller, hold.partnerId) ? viewOf(hold) : null;
  },
} satisfies QueryResolvers;
