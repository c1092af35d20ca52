import type { ReadDatabase } from '@crossdock/event-store';
import { and, desc, eq, inArray, isNotNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { InvoiceLine, InvoiceStatus } from '../domain/invoice.ts';
import type { PaymentMethod } from '../domain/payment.ts';
import { invoices, orderNames } from '../store/tables.ts';

/** An invoice as it is shown; amounts are minor units, days are YYYY-MM-DD. */
export type InvoiceView = Readonly<{
  shipmentId: string;
  orderId: string;
  partnerId: string;
  currencyCode: string;
  totalMinor: number;
  paidMinor: number;
  creditedMinor: number;
  lines: readonly InvoiceLine[];
  method: PaymentMethod;
  number: number;
  issuedOn: string;
  termsDays: number;
  dueOn: string;
  orderNumber: string | null;
  poNumber: string | null;
}>;

export type InvoicePage = Readonly<{
  /** Whose are wanted; null for everybody's. */
  partnerIds: readonly string[] | null;
  statuses: readonly InvoiceStatus[] | null;
  /** Only those due before this day and not paid. */
  overdueOn: string | null;
  /** The number of the last invoice of the page before. */
  after: number | null;
  limit: number;
}>;

const COLUMNS = {
  shipmentId: invoices.shipmentId,
  orderId: invoices.orderId,
  partnerId: invoices.partnerId,
  currencyCode: invoices.currencyCode,
  totalMinor: invoices.totalMinor,
  paidMinor: invoices.paidMinor,
  creditedMinor: invoices.creditedMinor,
  lines: invoices.lines,
  method: invoices.method,
  number: invoices.number,
  issuedOn: invoices.issuedOn,
  termsDays: invoices.termsDays,
  dueOn: invoices.dueOn,
  orderNumber: orderNames.number,
  poNumber: orderNames.poNumber,
};

function selected(read: ReadDatabase, where: SQL | undefined) {
  return read
    .select(COLUMNS)
    .from(invoices)
    .leftJoin(orderNames, eq(orderNames.orderId, invoices.orderId))
    .where(and(isNotNull(invoices.number), where));
}

type Row = Awaited<ReturnType<typeof selected>>[number];

/** What has a number is issued whole (`invoice_is_issued_whole`). */
function viewsOf(rows: readonly Row[]): InvoiceView[] {
  return rows.flatMap(({ method, number, issuedOn, termsDays, dueOn, ...row }) =>
    method === null || number === null || issuedOn === null || termsDays === null || dueOn === null
      ? []
      : [{ ...row, method, number, issuedOn, termsDays, dueOn }],
  );
}

/** The invoices of the given shipments, in their order; null for one that was not invoiced. */
export async function loadInvoices(
  read: ReadDatabase,
  shipmentIds: readonly string[],
): Promise<(InvoiceView | null)[]> {
  const rows = viewsOf(await selected(read, inArray(invoices.shipmentId, [...shipmentIds])));
  const found = new Map(rows.map((row) => [row.shipmentId, row]));
  return shipmentIds.map((id) => found.get(id) ?? null);
}

/** The invoices with the given numbers, in their order; null where there is none. */
export async function loadInvoicesNumbered(
  read: ReadDatabase,
  numbers: readonly number[],
): Promise<(InvoiceView | null)[]> {
  const rows = viewsOf(await selected(read, inArray(invoices.number, [...numbers])));
  const found = new Map(rows.map((row) => [row.number, row]));
  return numbers.map((number) => found.get(number) ?? null);
}

/** As `invoiceStatus` has it, on rows. `NOT_PAID` in these words is what the index `invoices_open` holds. */
const NOT_PAID = sql`(${invoices.paidMinor} + ${invoices.creditedMinor} < ${invoices.totalMinor}
  OR ${invoices.method} = 'CARD' AND ${invoices.paidMinor} < ${invoices.totalMinor})`;
const NOTHING_PAID = sql`${invoices.paidMinor} + ${invoices.creditedMinor} = 0`;
const IN_STATUS: Readonly<Record<InvoiceStatus, SQL>> = {
  OPEN: sql`${NOT_PAID} AND ${NOTHING_PAID}`,
  PARTIALLY_PAID: sql`${NOT_PAID} AND NOT ${NOTHING_PAID}`,
  PAID: sql`NOT ${NOT_PAID}`,
};

/** One page, the newest first; reads `limit` rows. */
export async function listInvoices(read: ReadDatabase, page: InvoicePage): Promise<InvoiceView[]> {
  const { partnerIds, statuses, overdueOn, after, limit } = page;
  if (partnerIds?.length === 0 || statuses?.length === 0) return [];
  const where = and(
    partnerIds === null ? undefined : inArray(invoices.partnerId, [...partnerIds]),
    statuses === null ? undefined : or(...statuses.map((status) => sql`(${IN_STATUS[status]})`)),
    overdueOn === null ? undefined : and(lt(invoices.dueOn, overdueOn), NOT_PAID),
    after === null ? undefined : lt(invoices.number, after),
  );
  return viewsOf(await selected(read, where).orderBy(desc(invoices.number)).limit(limit));
}
