// From an order to its invoice, on paper and paid, through the gateway alone.
import { randomUUID } from 'node:crypto';
import { pdfTexts } from '@crossdock/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './client/eventually.ts';
import type { GatewayClient } from './client/gateway-client.ts';
import { enterPlatform, type World } from './platform/callers.ts';
import { accepted, settled } from './platform/orders.ts';
import { gbp } from './platform/wholesaler.ts';

const INVOICE = `id number issuedOn dueOn termsDays method partnerId orderId orderNumber poNumber status pdfUrl
  lines { sku quantity } total { amount currencyCode } paid { amount } credited { amount } open { amount }`;
const OF_ORDER = `query ($id: ID!) { order(id: $id) {
  payment { invoices { ${INVOICE} } entries { kind debit credit amount { amount } shipmentId } }
  shipments { id invoice { number } }
  partner { credit { termsDays limit { amount } exposure { amount } available { amount } receivable { amount } } } } }`;
const RECORD = `mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) {
  credit { exposure { amount } receivable { amount } }
  settled { invoiceNumber amount { amount } } replayed userErrors { code field } } }`;

type Amount = Readonly<{ amount: string }>;
type Invoice = Readonly<{
  id: string;
  number: string;
  pdfUrl: string;
  status: string;
  issuedOn: string;
  dueOn: string;
  paid: Amount;
  open: Amount;
}>;
type OfOrder = Readonly<{
  order: Readonly<{
    payment: Readonly<{ invoices: readonly Invoice[]; entries: readonly object[] }> | null;
    shipments: readonly Readonly<{ id: string; invoice: Readonly<{ number: string }> | null }>[];
    partner: Readonly<{ credit: Readonly<Record<string, unknown>> }>;
  }>;
}>;
type Recorded = Readonly<{
  recordPayment: Readonly<{
    credit: object | null;
    settled: readonly Readonly<{ invoiceNumber: string; amount: Amount }>[];
    replayed: boolean;
    userErrors: readonly Readonly<{ code: string }>[];
  }>;
}>;

let world: World;
let partnerId: string;
let buyer: GatewayClient;

const mutation = (name: string, type: string) =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { results { userErrors { code } } userErrors { code } } }`;

beforeAll(async () => {
  world = await enterPlatform();
  partnerId = `INV-${randomUUID().slice(0, 8)}`;
  const idempotencyKey = randomUUID();
  const partners = [{ id: partnerId, name: 'Pays by invoice', currencyCode: 'GBP' }];
  await world.erp.data(mutation('upsertPartners', 'UpsertPartnersInput'), {
    input: { idempotencyKey, partners },
  });
  const limits = [{ partnerId, limit: gbp('1000.00'), termsDays: 14 }];
  // The partner may be on its way to payments.
  const set = () =>
    world.erp.data<{ setCreditLimits: { results: { userErrors: unknown[] }[] } }>(
      mutation('setCreditLimits', 'SetCreditLimitsInput'),
      { input: { idempotencyKey, limits } },
    );
  const isSet = ({ setCreditLimits: { results } }: Awaited<ReturnType<typeof set>>) =>
    results.length === 1 && results.every(({ userErrors }) => userErrors.length === 0);
  expect(await eventually(set, isSet)).toSatisfy(isSet);
  buyer = world.as({ role: 'buyer', partner: partnerId });
});

async function shippedOrder(more: object = {}): Promise<string> {
  const lines = [
    { sku: 'MUG', quantity: 3 },
    { sku: 'LAMP', quantity: 2 },
  ];
  return (await settled(buyer, await accepted(buyer, { lines, ...more }))).id;
}

const moneyOf = async (id: string) => (await buyer.data<OfOrder>(OF_ORDER, { id })).order;

async function recorded(input: object): Promise<Recorded['recordPayment']> {
  const good = { idempotencyKey: randomUUID(), partnerId, reference: 'BACS 20260301/7' };
  return (await world.erp.data<Recorded>(RECORD, { input: { ...good, ...input } })).recordPayment;
}

const invoicesOf = async (id: string) => (await moneyOf(id)).payment?.invoices ?? [];
const daysBetween = ({ issuedOn, dueOn }: Invoice) => (Date.parse(dueOn) - Date.parse(issuedOn)) / 86_400_000;

describe('what left on terms', () => {
  let orderId: string;
  let invoices: readonly Invoice[];

  beforeAll(async () => {
    orderId = await shippedOrder({ poNumber: `PO ${partnerId}` });
    invoices = await invoicesOf(orderId);
  });

  it('is invoiced for each shipment, due by the terms of the partner', async () => {
    const { shipments, payment } = await moneyOf(orderId);
    const left = shipments.filter(({ invoice }) => invoice !== null);
    expect(left.map(({ invoice }) => invoice?.number).sort()).toEqual(
      invoices.map(({ number }) => number).sort(),
    );
    expect(invoices.length).toBeGreaterThan(0);
    const total = invoices.reduce((sum, { open }) => sum + Number(open.amount), 0);
    expect(total).toBeCloseTo(33.15, 2);
    for (const invoice of invoices) {
      expect(invoice).toMatchObject({ partnerId, orderId, method: 'TERMS', status: 'OPEN', termsDays: 14 });
      expect(invoice).toMatchObject({
        poNumber: `PO ${partnerId}`,
        orderNumber: expect.stringMatching(/^SO-/),
      });
      expect(daysBetween(invoice)).toBe(14);
      const alone = await buyer.data('query ($n: String!) { invoice(number: $n) { id } }', {
        n: invoice.number,
      });
      expect(alone).toEqual({ invoice: { id: invoice.id } });
    }
    expect(payment?.entries).toHaveLength(invoices.length);
    expect(payment?.entries[0]).toMatchObject({
      kind: 'SALE',
      debit: `receivable/${partnerId}`,
      credit: 'sales',
    });
  });

  it('is on paper, for whoever has the link', async () => {
    for (const { number, pdfUrl, open } of invoices) {
      const response = await fetch(world.gatewayUrl + pdfUrl);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      expect(response.headers.get('content-disposition')).toBe(`inline; filename="${number}.pdf"`);
      const pdf = Buffer.from(await response.arrayBuffer());
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      const texts = pdfTexts(pdf);
      for (const text of [number, `PO ${partnerId}`, `Partner ${partnerId}`, `${open.amount} GBP`])
        expect(texts).toContain(text);
    }
  });

  it('is not shown to whoever changes a link, keeps one too long, or is another partner', async () => {
    const { number = '', pdfUrl = '' } = invoices[0] ?? {};
    const statusOf = async (path: string) => (await fetch(world.gatewayUrl + path)).status;
    const url = new URL(pdfUrl, world.gatewayUrl);
    const expires = url.searchParams.get('expires') ?? '';
    const signature = url.searchParams.get('signature') ?? '';
    const at = (file: string, until: string, signed: string) =>
      `/documents/invoices/${file}?expires=${until}&signature=${signed}`;
    expect(await statusOf(at(`${number}.pdf`, expires, signature))).toBe(200);
    expect(await statusOf(at(`${number}.pdf`, String(Number(expires) + 1), signature))).toBe(403);
    expect(await statusOf(at(`${number}.pdf`, '1700000000', signature))).toBe(403);
    expect(await statusOf(at(`${number}.pdf`, expires, 'A'.repeat(signature.length)))).toBe(403);
    expect(await statusOf(at('INV-99999999.pdf', expires, signature))).toBe(403);
    expect(await statusOf(`/documents/invoices/${number}.pdf`)).toBe(403);
    expect(await statusOf('/documents/invoices/..%2f..%2fmetrics')).toBe(404);
    expect(await statusOf('/documents')).toBe(404);
    const asked = { n: number };
    const one = 'query ($n: String!) { invoice(number: $n) { id pdfUrl } }';
    expect(await world.rival.data(one, asked)).toEqual({ invoice: null });
    expect(await world.erp.data(one, asked)).toMatchObject({ invoice: { id: invoices[0]?.id } });
  });

  it('is paid once the ERP tells of the money, under one key as often as it likes', async () => {
    const before = await moneyOf(orderId);
    expect(before.partner.credit).toMatchObject({ termsDays: 14, exposure: { amount: '33.15' } });
    expect(before.partner.credit).toMatchObject({ receivable: { amount: '33.15' } });
    const input = { idempotencyKey: randomUUID(), amount: gbp('33.15'), receivedOn: '2025-03-01' };
    const first = await recorded(input);
    expect(first).toMatchObject({
      replayed: false,
      userErrors: [],
      credit: { exposure: { amount: '0.00' } },
    });
    const paid = first.settled.reduce((sum, { amount }) => sum + Number(amount.amount), 0);
    expect(paid).toBeCloseTo(33.15, 2);
    expect(await recorded(input)).toEqual({ ...first, replayed: true });
    for (const invoice of await invoicesOf(orderId))
      expect(invoice).toMatchObject({ status: 'PAID', open: { amount: '0.00' } });
    const { credit } = (await moneyOf(orderId)).partner;
    expect(credit).toMatchObject({ receivable: { amount: '0.00' }, available: { amount: '1000.00' } });
  });

  it('is paid at once by money that stands to the credit of the partner', async () => {
    expect((await recorded({ amount: gbp('40.00') })).credit).toMatchObject({
      ...{ exposure: { amount: '-40.00' }, receivable: { amount: '-40.00' } },
    });
    const later = await invoicesOf(await shippedOrder());
    expect(later.map(({ status }) => status)).toEqual(later.map(() => 'PAID'));
  });

  it('is listed page by page, the newest first', async () => {
    const page = `query ($after: String, $filter: InvoiceFilter) { invoices(first: 1, after: $after, filter: $filter) {
      nodes { number } pageInfo { hasNextPage endCursor } } }`;
    type Page = {
      invoices: { nodes: { number: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
    };
    const numbers: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { invoices: read }: Page = await buyer.data<Page>(page, {
        after,
        filter: { statuses: ['PAID'] },
      });
      numbers.push(...read.nodes.map(({ number }) => number));
      if (!read.pageInfo.hasNextPage) break;
      after = read.pageInfo.endCursor;
    }
    expect(numbers.length).toBeGreaterThan(1);
    expect(numbers).toEqual(numbers.toSorted().toReversed());
  });
});

it('money that cannot be booked is refused in words', async () => {
  const codeOf = async (input: object) => (await recorded(input)).userErrors.map(({ code }) => code);
  expect(await codeOf({ amount: gbp('0.00') })).toEqual(['INVALID_INPUT']);
  expect(await codeOf({ amount: { amount: '1.00', currencyCode: 'EUR' } })).toEqual(['CURRENCY_MISMATCH']);
  expect(await codeOf({ amount: gbp('1.00'), invoiceNumbers: ['INV-99999999'] })).toEqual([
    'UNKNOWN_INVOICE',
  ]);
  expect(await codeOf({ amount: gbp('1.00'), partnerId: 'nobody' })).toEqual(['UNKNOWN_PARTNER']);
  expect(await codeOf({ amount: gbp('1.00'), receivedOn: '2026-02-30' })).toEqual(['INVALID_INPUT']);
  expect(await codeOf({ amount: gbp('1.00'), reference: ' ' })).toEqual(['INVALID_INPUT']);
});

it('what is paid by card is invoiced, and paid when its money is taken', async () => {
  const payment = { method: 'CARD', cardToken: 'tok_visa' };
  const order = await settled(
    world.buyer,
    await accepted(world.buyer, { lines: [{ sku: 'MUG', quantity: 1 }], payment }),
  );
  const found = await eventually(
    async () => (await world.buyer.data<OfOrder>(OF_ORDER, { id: order.id })).order.payment?.invoices ?? [],
    (invoices) => invoices[0]?.status === 'PAID',
  );
  expect(found).toMatchObject([{ method: 'CARD', status: 'PAID', termsDays: 0, paid: { amount: '2.55' } }]);
});
