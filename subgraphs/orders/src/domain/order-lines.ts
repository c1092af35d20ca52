/** A line as people see it; quantities in units. */
export type OrderLine = Readonly<{
  sku: string;
  quantity: number;
  unitPriceMinor: number;
  reserved: number;
  backordered: number;
  shipped: number;
  cancelled: number;
}>;

type Quantities = readonly Readonly<{ sku: string; quantity: number }>[];

/** A fact of an order's stream as far as lines go. */
export type LineFact = Readonly<{ type: string; data: Readonly<{ lines?: Quantities | null | undefined }> }>;
type PlacedLines = readonly Readonly<{ sku: string; quantity: number; unitPriceMinor: number }>[];

/** Folds an order's stream, in order, into its lines: what is claimed, left, and will not come. */
export function foldLines(placed: PlacedLines, facts: readonly LineFact[]): OrderLine[] {
  let lines = placed.map((line) => ({ ...line, reserved: 0, backordered: 0, shipped: 0, cancelled: 0 }));
  for (const fact of facts) lines = lines.map((line) => foldLine(line, fact));
  return lines;
}

function foldLine(line: OrderLine, { type, data }: LineFact): OrderLine {
  const named = data.lines?.find((each) => each.sku === line.sku)?.quantity ?? 0;
  switch (type) {
    case 'OrderConfirmed': {
      const reserved = data.lines == null ? line.quantity : named;
      return { ...line, reserved, cancelled: line.quantity - reserved };
    }
    case 'OrderRejected':
      return { ...line, reserved: 0, cancelled: line.quantity };
    case 'OrderPartiallyShipped':
      return { ...line, reserved: line.reserved - named, shipped: line.shipped + named };
    case 'OrderShipped':
      return { ...line, reserved: 0, shipped: line.shipped + line.reserved };
    default:
      return line;
  }
}
