import {
  badInput,
  type Caller,
  connection,
  decodePageCursor,
  encodePageCursor,
  pageSize,
  seesAllPartners,
  seesPartner,
} from '@crossdock/subgraph-server';
import { isStorable, isUuid, moneyView } from '@crossdock/values';
import {
  invoiceNumber,
  invoiceStatus,
  lineTotalMinor,
  openMinor,
  parseInvoiceNumber,
} from '../domain/invoice.ts';
import { isDay } from '../domain/settlement.ts';
import type { InvoiceView } from '../read-models/invoices.ts';
import type { Context } from './context.ts';
import type { InvoiceFilter, QueryInvoiceArgs, QueryInvoicesArgs, Resolvers } from './schema.generated.ts';

/** Partners that a filter names at most. */
const FILTER_PARTNERS_MAX = 100;

function visibleTo(caller: Caller, invoice: InvoiceView | null): InvoiceView | null {
  return invoice !== null && seesPartner(caller, invoice.partnerId) ? invoice : null;
}

export async function invoice(_parent: unknown, { number }: QueryInvoiceArgs, context: Context) {
  const parsed = parseInvoiceNumber(number);
  return parsed === null ? null : visibleTo(context.caller, await context.invoicesNumbered.load(parsed));
}

/** The wanted partners that the caller sees; null for all there are. */
function partnersOf(caller: Caller, filter: InvoiceFilter): readonly string[] | null {
  const wanted = filter.partnerIds ?? null;
  if (wanted === null) return seesAllPartners(caller) ? null : caller.partnerIds;
  if (wanted.length > FILTER_PARTNERS_MAX) {
    throw badInput(`filter.partnerIds has at most ${FILTER_PARTNERS_MAX} entries.`);
  }
  return wanted.filter((id) => isStorable(id) && seesPartner(caller, id));
}

/** The number of the invoice that a cursor stands behind. */
function lastOf(cursor: string): number {
  const number = parseInvoiceNumber(decodePageCursor(cursor, 1)?.[0] ?? '');
  if (number === null) throw badInput('after is no cursor of this list.');
  return number;
}

/** A page of the invoices the caller may see, newest first. */
export async function invoices(_parent: unknown, args: QueryInvoicesArgs, { caller, listInvoices }: Context) {
  const { after = null } = args;
  const first = pageSize(args.first);
  const filter = args.filter ?? {};
  const overdueOn = filter.overdueOn ?? null;
  if (overdueOn !== null && !isDay(overdueOn)) throw badInput('filter.overdueOn is no day.');
  const rows = await listInvoices({
    partnerIds: partnersOf(caller, filter),
    statuses: filter.statuses ?? null,
    overdueOn,
    after: after === null ? null : lastOf(after),
    limit: first + 1,
  });
  return connection(rows, first, after, ({ number }) => encodePageCursor(invoiceNumber(number)));
}

const present = (each: InvoiceView | null): each is InvoiceView => each !== null;

/** The invoices of shipments that the caller may see, in the order of issue. */
export async function invoicesOf(shipmentIds: readonly string[], context: Context): Promise<InvoiceView[]> {
  const found = await Promise.all(shipmentIds.map((id) => context.invoices.load(id)));
  return found
    .map((each) => visibleTo(context.caller, each))
    .filter(present)
    .sort((one, other) => one.number - other.number);
}

export const invoiceResolvers = {
  Shipment: {
    __resolveReference: ({ id }) => ({ __typename: 'Shipment', id }),
    invoice: async ({ id }, _arguments, { caller, invoices: byShipment }) =>
      isUuid(id) ? visibleTo(caller, await byShipment.load(id.toLowerCase())) : null,
  },
  Invoice: {
    id: ({ shipmentId }) => shipmentId,
    number: ({ number }) => invoiceNumber(number),
    lines: ({ lines, currencyCode }) => lines.map((line) => ({ ...line, currencyCode })),
    total: ({ totalMinor, currencyCode }) => moneyView(totalMinor, currencyCode),
    paid: ({ paidMinor, currencyCode }) => moneyView(paidMinor, currencyCode),
    credited: ({ creditedMinor, currencyCode }) => moneyView(creditedMinor, currencyCode),
    open: (parent) => moneyView(openMinor(parent), parent.currencyCode),
    status: (parent) => invoiceStatus(parent),
    pdfUrl: ({ number }, _arguments, { linkToInvoice }) => linkToInvoice(invoiceNumber(number)),
  },
  InvoiceLine: {
    unitPrice: ({ unitPriceMinor, currencyCode }) =>
      unitPriceMinor === null ? null : moneyView(unitPriceMinor, currencyCode),
    lineTotal: (line) => {
      const total = lineTotalMinor(line);
      return total === null ? null : moneyView(total, line.currencyCode);
    },
  },
  LedgerEntry: {
    id: ({ entryId }) => entryId,
    debit: ({ debitAccount }) => debitAccount,
    credit: ({ creditAccount }) => creditAccount,
    amount: ({ amountMinor, currencyCode }) => moneyView(amountMinor, currencyCode),
    postedAt: ({ postedAt }) => postedAt.toISOString(),
  },
} satisfies Resolvers;
