import { forbidden, refuseIdempotencyKey, refuseKeyVerdict } from '@crossdock/subgraph-server';
import { moneyView, type Refusal } from '@crossdock/values';
import { invoiceNumber } from '../domain/invoice.ts';
import type { Context } from './context.ts';
import type {
  MutationRecordPaymentArgs,
  MutationSetCreditLimitsArgs,
  Resolvers,
  UpsertPayload,
} from './schema.generated.ts';

function refusedPayload(...userErrors: Refusal[]): UpsertPayload {
  return { results: [], replayed: false, userErrors };
}

export async function setCreditLimits(
  _parent: unknown,
  { input }: MutationSetCreditLimitsArgs,
  context: Context,
): Promise<UpsertPayload> {
  const { caller, commands, traceparent } = context;
  if (caller.role !== 'erp') throw forbidden();
  const { idempotencyKey, errorPolicy, limits } = input;
  const keyRefusal = refuseIdempotencyKey(idempotencyKey);
  if (keyRefusal !== null) return refusedPayload(keyRefusal);
  const policy = errorPolicy ?? 'REJECT_ALL';
  const outcome = await commands.setCreditLimits({
    idempotencyKey,
    errorPolicy: policy,
    limits,
    actor: caller.subject,
    traceparent,
  });
  const refused = outcome.refusal ?? refuseKeyVerdict(outcome.verdict);
  if (refused !== null) return refusedPayload(refused);
  return { results: outcome.results, replayed: outcome.verdict === 'REPLAYED', userErrors: [] };
}

function nothingBooked(userErrors: readonly Refusal[]) {
  return { credit: null, settled: [], replayed: false, userErrors };
}

export async function recordPayment(
  _parent: unknown,
  { input }: MutationRecordPaymentArgs,
  context: Context,
) {
  const { caller, commands, credit, forget, traceparent } = context;
  if (caller.role !== 'erp') throw forbidden();
  const { idempotencyKey, partnerId, amount, reference } = input;
  const keyRefusal = refuseIdempotencyKey(idempotencyKey);
  if (keyRefusal !== null) return nothingBooked([keyRefusal]);
  const {
    verdict,
    settled,
    refusal: refused,
  } = await commands.recordPayment({
    ...{ idempotencyKey, partnerId, amount, reference },
    receivedOn: input.receivedOn ?? null,
    invoiceNumbers: input.invoiceNumbers ?? [],
    ...{ actor: caller.subject, traceparent },
  });
  const refusals = [refused, refuseKeyVerdict(verdict)].filter((each) => each !== null);
  if (refusals.length > 0) return nothingBooked(refusals);
  forget();
  return {
    credit: await credit.load(partnerId),
    settled: settled.map(({ number, amountMinor }) => ({
      invoiceNumber: invoiceNumber(number),
      amount: moneyView(amountMinor, amount.currencyCode),
    })),
    replayed: verdict === 'REPLAYED',
    userErrors: [],
  };
}

export const creditResolvers = {
  CreditAccount: {
    limit: ({ limitMinor, currencyCode }) => moneyView(limitMinor, currencyCode),
    exposure: ({ exposureMinor, currencyCode }) => moneyView(exposureMinor, currencyCode),
    // Without a limit every order on terms is declined, whatever the partner has paid ahead.
    available: ({ limitSet, limitMinor, exposureMinor, currencyCode }) =>
      moneyView(limitSet ? Math.max(0, limitMinor - exposureMinor) : 0, currencyCode),
    receivable: async ({ partnerId, unappliedMinor, currencyCode }, _arguments, { openOnTerms }) =>
      moneyView((await openOnTerms.load(partnerId)) - unappliedMinor, currencyCode),
  },
} satisfies Resolvers;
