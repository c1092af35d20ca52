/** A line as people see it; quantities in units. Once its order is decided, the four add up to `quantity`. */
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
export type LineFact = Readonly<{
  type: string;
  data: Readonly<{
    lines?: Quantities | null | undefined;
    backordered?: Quantities | null | undefined;
    rest?: string | undefined;
  }>;
}>;
type PlacedLines = readonly Readonly<{ sku: string; quantity: number; unitPriceMinor: number }>[];

/** Folds an order's stream, in order, into its lines: what is claimed, waits, left, and will not come. */
export function foldLines(placed: PlacedLines, facts: readonly LineFact[]): OrderLine[] {
  let lines = placed.map((line) => ({ ...line, reserved: 0, backordered: 0, shipped: 0, cancelled: 0 }));
  for (const fact of facts) lines = lines.map((line) => foldLine(line, fact));
  return lines;
}

function unitsIn(lines: Quantities | null | undefined, { sku }: OrderLine): number {
  return lines?.find((each) => each.sku === sku)?.quantity ?? 0;
}

function foldLine(line: OrderLine, { type, data }: LineFact): OrderLine {
  const named = unitsIn(data.lines, line);
  switch (type) {
    case 'OrderConfirmed': {
      const reserved = data.lines == null ? line.quantity : named;
      const backordered = unitsIn(data.backordered, line);
      return { ...line, reserved, backordered, cancelled: line.quantity - reserved - backordered };
    }
    case 'OrderBackordered':
      return { ...line, backordered: named, cancelled: line.quantity - named };
    case 'OrderReplenished': {
      // What was heard to leave before waits no more.
      const came = Math.min(named, line.backordered);
      return { ...line, backordered: line.backordered - came, reserved: line.reserved + came };
    }
    case 'OrderLinesCancelled':
      // What waits goes first; before the order is decided nothing does.
      return {
        ...line,
        backordered: Math.max(0, line.backordered - named),
        cancelled: line.cancelled + named,
      };
    case 'OrderLinesBroken':
      return data.rest === 'CANCELLED'
        ? { ...line, reserved: line.reserved - named, cancelled: line.cancelled + named }
        : { ...line, reserved: line.reserved - named, backordered: line.backordered + named };
    case 'OrderRejected':
    case 'OrderCancelled':
      return { ...line, reserved: 0, backordered: 0, cancelled: line.quantity - line.shipped };
    case 'OrderPartiallyShipped':
      return left(line, named);
    case 'OrderShipped':
      return { ...line, reserved: 0, shipped: line.shipped + line.reserved };
    default:
      return line;
  }
}

/** Goods left; where they were not claimed any more, they did not wait, or were not to come, after all. */
function left(line: OrderLine, units: number): OrderLine {
  const reserved = Math.min(units, line.reserved);
  const backordered = Math.min(units - reserved, line.backordered);
  const cancelled = Math.min(units - reserved - backordered, line.cancelled);
  return {
    ...line,
    reserved: line.reserved - reserved,
    backordered: line.backordered - backordered,
    cancelled: line.cancelled - cancelled,
    shipped: line.shipped + reserved + backordered + cancelled,
  };
}
