/** The comparison of payments as its operator asks for it: begin, wait, list. */
import { randomUUID } from 'node:crypto';
import { PlainFailure } from '../infrastructure/plain-failure.ts';
import type { GatewayClient } from '../seed/gateway-client.ts';

interface Amount {
  readonly amount: string;
  readonly currencyCode: string;
}

export interface OpenBreak {
  readonly kind: string;
  readonly subject: string;
  readonly orderId: string | null;
  readonly expected: Amount | null;
  readonly found: Amount | null;
  readonly detail: string;
  readonly owner: string;
}

export interface Comparison {
  readonly id: string;
  readonly finishedAt: string | null;
  readonly payments: number;
  readonly authorisations: number;
  readonly breaksFound: number;
  readonly breaksHealed: number;
  readonly error: string | null;
}

const RUN = 'id finishedAt payments authorisations breaksFound breaksHealed error';
const ASK = `mutation Reconcile($input: ReconcilePaymentsInput!) {
  reconcilePayments(input: $input) { reconciliation { ${RUN} } userErrors { code message } } }`;
const LAST = `query LastReconciliation { operations { paymentReconciliation { ${RUN} } } }`;
const BREAKS = `query OpenBreaks($after: String) { operations { paymentBreaks(first: 100, after: $after) {
  nodes { kind subject orderId expected { amount currencyCode } found { amount currencyCode } detail owner }
  pageInfo { hasNextPage endCursor } } } }`;

const LOOK_MS = 1_000;
/** Looks at a run: an hour, after which somebody should look why it takes so long. */
const LOOKS_MAX = 3_600;
/** Pages of open breaks that are shown: 2,000 breaks are no table that anybody reads. */
const PAGES_MAX = 20;

interface AskAnswer {
  readonly reconcilePayments: {
    readonly reconciliation: Comparison | null;
    readonly userErrors: readonly Readonly<{ code: string; message: string }>[];
  };
}

function refused(userErrors: AskAnswer['reconcilePayments']['userErrors']): PlainFailure {
  const why = userErrors.map(({ code, message }) => `${message} (${code})`).join(' ');
  return new PlainFailure(`The comparison was refused: ${why || 'the answer does not say why.'}`);
}

/** Asks for a comparison and follows it to its end; rejects when it takes longer than an hour. */
export async function compareNow(
  client: GatewayClient,
  progress: (comparison: Comparison) => void,
): Promise<Comparison> {
  const input = { idempotencyKey: `reconcile-${randomUUID()}` };
  const asked = await client.send<AskAnswer>(ASK, { input });
  const { reconciliation, userErrors } = asked.reconcilePayments;
  if (reconciliation === null) throw refused(userErrors);
  const { id } = reconciliation;
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const { operations } = await client.send<{ operations: { paymentReconciliation: Comparison | null } }>(
      LAST,
      {},
    );
    const comparison = operations.paymentReconciliation;
    if (comparison === null || comparison.id !== id)
      throw new PlainFailure('Another comparison was begun meanwhile: ask again.');
    progress(comparison);
    if (comparison.finishedAt !== null) return comparison;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new PlainFailure(
    'The comparison goes on, and was followed for an hour: ask `operations.paymentReconciliation` for it.',
  );
}

/** The breaks that stand open, the oldest first. */
export async function openBreaks(client: GatewayClient): Promise<readonly OpenBreak[]> {
  const breaks: OpenBreak[] = [];
  const place: { after: string | null } = { after: null };
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { operations } = await client.send<BreaksAnswer>(BREAKS, { ...place });
    const { nodes, pageInfo } = operations.paymentBreaks;
    breaks.push(...nodes);
    if (!pageInfo.hasNextPage) break;
    place.after = pageInfo.endCursor;
  }
  return breaks;
}

interface BreaksAnswer {
  readonly operations: {
    readonly paymentBreaks: {
      readonly nodes: readonly OpenBreak[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
}

function textOf(amount: Amount | null): string {
  return amount === null ? '-' : `${amount.amount} ${amount.currencyCode}`;
}

/** The breaks as a table, each with what to do beneath it. */
export function tableOf(breaks: readonly OpenBreak[]): string {
  const head = ['kind', 'order', 'about', 'expected', 'found'];
  const rows = breaks.map(({ kind, orderId, subject, expected, found }) => [
    ...[kind, orderId ?? '-', subject, textOf(expected), textOf(found)],
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = rows.flatMap((row, index) => [
    line(row),
    `    ${breaks[index]?.detail} (${breaks[index]?.owner})`,
  ]);
  return [line(head), ...lines].join('\n');
}
