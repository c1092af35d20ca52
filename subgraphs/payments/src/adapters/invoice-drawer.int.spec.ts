// Invoices drawn by the thread that ships; its end and its memory are the real ones.
import { pdfTexts } from '@crossdock/testing';
import { afterEach, expect, it } from 'vitest';
import {
  createInvoiceDrawer,
  DRAWINGS_MAX,
  type InvoiceDrawer,
  inTurn,
  KEPT_BYTES_MAX,
} from './invoice-drawer.ts';
import type { InvoiceDocument, Seller } from './invoice-pdf.ts';

const seller: Seller = { name: 'A wholesaler', address: '1 Dock Road' };
const line = { sku: 'MUG', quantity: 1, unitPriceMinor: 255 };
const invoice: InvoiceDocument = {
  number: 'INV-00000001',
  partnerId: '17850',
  orderId: '01900000-0000-7000-8000-000000000001',
  orderNumber: null,
  poNumber: null,
  method: 'TERMS',
  issuedOn: '2026-03-01',
  dueOn: '2026-03-31',
  termsDays: 30,
  currencyCode: 'GBP',
  totalMinor: 255,
  paidMinor: 0,
  creditedMinor: 0,
  lines: [line],
};
const numbered = (index: number) => ({ ...invoice, number: `INV-0000100${index}` });

/** What a long invoice may take on a machine that does other work too. */
const WITHOUT_HURRY_MS = 50_000;

let drawer: InvoiceDrawer | undefined;
afterEach(() => drawer?.close());
const open = (within_ms?: number): InvoiceDrawer => {
  drawer = createInvoiceDrawer(seller, within_ms);
  return drawer;
};

async function textsOf(pages: Promise<Uint8Array | null>): Promise<string[]> {
  const pdf = await pages;
  return pdf === null ? [] : pdfTexts(Buffer.from(pdf));
}

it('draws on its thread while this one goes on', async () => {
  const { draw } = open(WITHOUT_HURRY_MS);
  await draw(invoice);
  const long = { ...numbered(1), lines: Array.from({ length: 5_000 }, () => line) };
  let turns = 0;
  let turn = setImmediate(function again() {
    turns += 1;
    turn = setImmediate(again);
  });
  const pdf = draw(long);
  await pdf;
  clearImmediate(turn);
  const texts = await textsOf(pdf);
  expect(texts.filter((text) => text === 'MUG')).toHaveLength(5_000);
  expect(texts).toContain('A wholesaler');
  // Drawn here, page after page, it would leave a turn to nobody until it is done.
  expect(turns).toBeGreaterThan(100);
});

it('goes on after an invoice that cannot be drawn', async () => {
  const { draw } = open();
  // Not what its type says, as a fault of ours would hand it over.
  const broken = { ...numbered(1), lines: null } as unknown as InvoiceDocument;
  await expect(draw(broken)).rejects.toThrow();
  expect(await textsOf(draw(invoice))).toContain('INV-00000001');
});

it('gives up an invoice that takes too long', async () => {
  const { draw } = open(1);
  await expect(draw(invoice)).rejects.toThrow('aborted');
});

it('gives up what is drawn when it is closed', async () => {
  const { draw, close } = open();
  const drawn = draw(invoice);
  const refused = expect(drawn).rejects.toThrow('aborted');
  // Begun, and not done: the thread only starts.
  await Promise.resolve();
  await Promise.resolve();
  await close();
  await refused;
  await expect(draw(invoice)).rejects.toThrow('not drawn any more');
});

it('draws one after another, each state once, and turns away what would wait behind too many', async () => {
  const drawn: string[] = [];
  let atOnce = 0;
  let most = 0;
  const go = Promise.withResolvers<void>();
  const draw = inTurn(async ({ number, paidMinor, orderNumber }) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await go.promise;
    atOnce -= 1;
    drawn.push(`${number} ${paidMinor} ${orderNumber}`);
    return Buffer.from(number);
  });
  const others = Array.from({ length: DRAWINGS_MAX - 1 }, (_, index) => draw(numbered(index)));
  const same = [draw(invoice), draw(invoice), draw({ ...invoice })];
  expect(await draw(numbered(DRAWINGS_MAX))).toBeNull();
  go.resolve();
  await Promise.all([...others, ...same]);
  expect(drawn).toHaveLength(DRAWINGS_MAX);
  await draw(invoice);
  await draw({ ...invoice, paidMinor: 100 });
  await draw({ ...invoice, orderNumber: 'SO-1' });
  expect(drawn.slice(DRAWINGS_MAX)).toEqual(['INV-00000001 100 null', 'INV-00000001 0 SO-1']);
  expect(most).toBe(1);
});

it('keeps what was wanted last, as much as has room', async () => {
  const drawn: string[] = [];
  const draw = inTurn(async ({ number }) => {
    drawn.push(number);
    return Buffer.alloc(KEPT_BYTES_MAX / 2);
  });
  for (const index of [1, 2, 1, 3, 1, 2]) await draw(numbered(index));
  expect(drawn.map((number) => number.at(-1))).toEqual(['1', '2', '3', '2']);
});
