// Draws invoices as PDF: A4, one built-in typeface, a table that goes on over as many pages as it takes.
import { formatMoney } from '@crossdock/values';
import { type InvoiceFigures, type InvoiceLine, lineTotalMinor, openMinor } from '../domain/invoice.ts';
import { drawable } from './drawable-text.ts';

/** What stands on the page; amounts are minor units, days are YYYY-MM-DD. */
export type InvoiceDocument = InvoiceFigures &
  Readonly<{
    number: string;
    partnerId: string;
    orderId: string;
    orderNumber: string | null;
    poNumber: string | null;
    method: 'TERMS' | 'CARD';
    issuedOn: string;
    dueOn: string;
    termsDays: number;
    currencyCode: string;
    lines: readonly InvoiceLine[];
  }>;

export type Seller = Readonly<{ name: string; address: string | null }>;

type Page = PDFKit.PDFDocument;
type Column = Readonly<{ title: string; x: number; width: number; align: 'left' | 'right' }>;

// In points, 1/72 inch, on A4.
const LEFT = 50;
const RIGHT = 545;
const TOP = 50;
const BOTTOM = 770;
const ROW = 16;
const FOOT = 800;
const FIELD_TITLE_WIDTH = 110;
const SIZE = { title: 20, text: 10, small: 8 };
const REGULAR = 'Helvetica';
const BOLD = 'Helvetica-Bold';

const COLUMNS = [
  { title: 'Product', x: LEFT, width: 215, align: 'left' },
  { title: 'Quantity', x: 270, width: 65, align: 'right' },
  { title: 'Unit price', x: 340, width: 95, align: 'right' },
  { title: 'Amount', x: 440, width: 105, align: 'right' },
] as const satisfies readonly Column[];

/** Writes one line in a box; what does not fit ends in an ellipsis. */
function write(
  page: Page,
  text: string,
  x: number,
  y: number,
  width: number,
  align: Column['align'] = 'left',
) {
  page.text(drawable(text), x, y, { width, align, height: ROW, ellipsis: true, lineBreak: false });
}

function rule(page: Page, y: number): void {
  page.moveTo(LEFT, y).lineTo(RIGHT, y).lineWidth(0.5).stroke();
}

function drawFields(page: Page, fields: readonly (readonly [string, string | null])[], top: number): number {
  let y = top;
  page.fontSize(SIZE.text);
  for (const [title, value] of fields) {
    if (value === null) continue;
    page.font(BOLD);
    write(page, title, LEFT, y, FIELD_TITLE_WIDTH);
    page.font(REGULAR);
    write(page, value, LEFT + FIELD_TITLE_WIDTH, y, RIGHT - LEFT - FIELD_TITLE_WIDTH);
    y += ROW;
  }
  return y;
}

function drawHead(page: Page, invoice: InvoiceDocument, seller: Seller): number {
  page.font(BOLD).fontSize(SIZE.title);
  write(page, 'Invoice', LEFT, TOP, 200);
  page.fontSize(SIZE.text);
  write(page, seller.name, 300, TOP, RIGHT - 300, 'right');
  page.font(REGULAR);
  const address = (seller.address ?? '').split(/\s*[\n;]\s*/).filter((line) => line !== '');
  address.forEach((line, index) => {
    write(page, line, 300, TOP + (index + 1) * ROW, RIGHT - 300, 'right');
  });
  const terms = invoice.method === 'CARD' ? 'by card' : `${invoice.termsDays} days from issue`;
  const top = TOP + Math.max(3, address.length + 2) * ROW;
  return drawFields(
    page,
    [
      ['Invoice number', invoice.number],
      ['Bill to', `Partner ${invoice.partnerId}`],
      ['Issued on', invoice.issuedOn],
      ['Due on', invoice.dueOn],
      ['Terms', terms],
      ['Order', invoice.orderNumber ?? invoice.orderId],
      ['Your PO number', invoice.poNumber],
    ],
    top,
  );
}

function drawRow(page: Page, y: number, cells: readonly string[]): void {
  COLUMNS.forEach(({ x, width, align }, index) => {
    write(page, cells[index] ?? '', x, y, width, align);
  });
}

function drawTableHead(page: Page, y: number): number {
  page.font(BOLD).fontSize(SIZE.text);
  const titles = COLUMNS.map((column) => column.title);
  drawRow(page, y, titles);
  rule(page, y + ROW - 3);
  page.font(REGULAR);
  return y + ROW + 2;
}

/** Draws the lines and answers where they end; each new page begins with the number and the head of the table. */
function drawLines(page: Page, { lines, number, currencyCode }: InvoiceDocument, top: number): number {
  const money = (minor: number | null) =>
    minor === null ? '' : formatMoney({ minor: BigInt(minor), currencyCode });
  let y = drawTableHead(page, top);
  for (const line of lines) {
    if (y + ROW > BOTTOM) y = drawTableHead(page, turnPage(page, number));
    const { sku, quantity, unitPriceMinor } = line;
    drawRow(page, y, [sku, String(quantity), money(unitPriceMinor), money(lineTotalMinor(line))]);
    y += ROW;
  }
  rule(page, y);
  return y + 6;
}

function turnPage(page: Page, number: string): number {
  page.addPage();
  page.font(REGULAR).fontSize(SIZE.small);
  write(page, `Invoice ${number}, continued`, LEFT, TOP, RIGHT - LEFT);
  return TOP + ROW;
}

function drawTotals(page: Page, invoice: InvoiceDocument, top: number): void {
  const { totalMinor, paidMinor, creditedMinor, currencyCode, number } = invoice;
  const sums = [
    ['Total', totalMinor],
    ['Paid', paidMinor],
    ['Credited', creditedMinor],
    ['Open', openMinor(invoice)],
  ] as const;
  let y = top + sums.length * ROW > BOTTOM ? turnPage(page, number) : top;
  page.fontSize(SIZE.text);
  for (const [title, minor] of sums) {
    page.font(title === 'Total' || title === 'Open' ? BOLD : REGULAR);
    write(page, title, 270, y, 110, 'right');
    write(
      page,
      `${formatMoney({ minor: BigInt(minor), currencyCode })} ${currencyCode}`,
      385,
      y,
      160,
      'right',
    );
    y += ROW;
  }
}

function numberPages(page: Page): void {
  const { count } = page.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    page.switchToPage(index);
    // Below the margin the library would begin a page of its own.
    page.page.margins.bottom = 0;
    page.font(REGULAR).fontSize(SIZE.small);
    write(page, `Page ${index + 1} of ${count}`, LEFT, FOOT, RIGHT - LEFT, 'right');
  }
}

/** Draws an invoice; the same invoice in the same state gives the same pages. */
export async function drawInvoice(invoice: InvoiceDocument, seller: Seller): Promise<Buffer> {
  // Loaded with the first document: no order waits for a typeface.
  const { default: PDFDocument } = await import('pdfkit');
  const info = {
    Title: `Invoice ${invoice.number}`,
    CreationDate: new Date(`${invoice.issuedOn}T00:00:00Z`),
  };
  const margin = { top: TOP, left: LEFT, right: LEFT, bottom: 0 };
  const page = new PDFDocument({ size: 'A4', margins: margin, bufferPages: true, info });
  const chunks: Buffer[] = [];
  const drawn = new Promise<Buffer>((resolve, reject) => {
    page.on('data', (chunk: Buffer) => chunks.push(chunk));
    page.on('end', () => resolve(Buffer.concat(chunks)));
    page.on('error', reject);
  });
  drawTotals(page, invoice, drawLines(page, invoice, drawHead(page, invoice, seller) + ROW));
  numberPages(page);
  page.end();
  return drawn;
}
