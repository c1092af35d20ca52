import {
  badInput,
  connection,
  decodePageCursor,
  encodePageCursor,
  forbidden,
  pageSize,
  refuseIdempotencyKey,
  refuseKeyVerdict,
} from '@crossdock/subgraph-server';
import { isUuid, moneyView, type Refusal } from '@crossdock/values';
import type { PaymentBreakView, ReconciliationView } from '../read-models/reconciliations.ts';
import type { Context } from './context.ts';
import type {
  MutationClosePaymentBreakArgs,
  MutationReconcilePaymentsArgs,
  OperationsPaymentBreaksArgs,
  PaymentBreak,
  PaymentBreakPayload,
  Reconciliation,
  ReconciliationPayload,
} from './schema.generated.ts';

function requireOperator({ caller }: Context): void {
  if (caller.role !== 'operator') throw forbidden();
}

function viewOfRun({ startedAt, finishedAt, ...run }: ReconciliationView): Reconciliation {
  return { ...run, startedAt: startedAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null };
}

function viewOfAmount(amountMinor: number | null, currencyCode: string | null) {
  return amountMinor === null || currencyCode === null ? null : moneyView(amountMinor, currencyCode);
}

function viewOfBreak(row: PaymentBreakView): PaymentBreak {
  const { id, kind, state, orderId, subject, detail, owner, settledBy, note } = row;
  return {
    ...{ id, kind, state, orderId, subject, detail, owner, settledBy, note },
    expected: viewOfAmount(row.expectedMinor, row.expectedCurrency),
    found: viewOfAmount(row.foundMinor, row.foundCurrency),
    foundAt: row.foundAt.toISOString(),
    seenAt: row.seenAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
  };
}

/** `Mutation.reconcilePayments`. */
export async function reconcilePayments(
  _parent: unknown,
  { input }: MutationReconcilePaymentsArgs,
  context: Context,
): Promise<ReconciliationPayload> {
  requireOperator(context);
  const refused = (...userErrors: Refusal[]) => ({ reconciliation: null, replayed: false, userErrors });
  const badKey = refuseIdempotencyKey(input.idempotencyKey);
  if (badKey !== null) return refused(badKey);
  const { verdict, runId } = await context.commands.reconcilePayments(input.idempotencyKey);
  const keyRefusal = refuseKeyVerdict(verdict);
  if (keyRefusal !== null) return refused(keyRefusal);
  const run = await context.reconciliations.run(runId);
  const reconciliation = run === null ? null : viewOfRun(run);
  return { reconciliation, replayed: verdict === 'REPLAYED', userErrors: [] };
}

/** `Mutation.closePaymentBreak`. */
export async function closePaymentBreak(
  _parent: unknown,
  { input }: MutationClosePaymentBreakArgs,
  context: Context,
): Promise<PaymentBreakPayload> {
  requireOperator(context);
  const refused = (...userErrors: Refusal[]) => ({ break: null, replayed: false, userErrors });
  const { idempotencyKey, breakId, note } = input;
  const badKey = refuseIdempotencyKey(idempotencyKey);
  if (badKey !== null) return refused(badKey);
  const actor = context.caller.subject;
  const outcome = await context.commands.closePaymentBreak({ idempotencyKey, breakId, note, actor });
  const { verdict } = outcome;
  const why = outcome.refusal ?? refuseKeyVerdict(verdict);
  if (why !== null) return refused(why);
  const row = await context.reconciliations.break(breakId);
  return { break: row === null ? null : viewOfBreak(row), replayed: verdict === 'REPLAYED', userErrors: [] };
}

/** `Operations.paymentReconciliation`. */
export async function paymentReconciliation(_parent: unknown, _arguments: unknown, context: Context) {
  requireOperator(context);
  const run = await context.reconciliations.run(null);
  return run === null ? null : viewOfRun(run);
}

function idBehind(cursor: string | null | undefined): string | null {
  if (cursor == null) return null;
  const id = decodePageCursor(cursor, 1)?.[0];
  if (id === undefined || !isUuid(id)) throw badInput('after is no cursor of this list.');
  return id;
}

/** `Operations.paymentBreaks`. */
export async function paymentBreaks(
  _parent: unknown,
  { first: asked, after, state }: OperationsPaymentBreaksArgs,
  context: Context,
) {
  requireOperator(context);
  const first = pageSize(asked);
  const rows = await context.reconciliations.breaks(state ?? null, idBehind(after), first + 1);
  const page = connection(rows, first, after, ({ id }) => encodePageCursor(id));
  return {
    pageInfo: page.pageInfo,
    nodes: page.nodes.map(viewOfBreak),
    edges: page.edges.map(({ cursor, node }) => ({ cursor, node: viewOfBreak(node) })),
  };
}
