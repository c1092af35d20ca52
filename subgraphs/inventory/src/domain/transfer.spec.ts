import { describe, expect, it } from 'vitest';
import type { StockFigures } from './stock-figures.ts';
import { decideArrival, refuseSending, type Transfer } from './transfer.ts';

const figuresOf = (sellable: number, isOpen = true): StockFigures => ({
  totals: new Map([['A', { sellable, reserved: 4, held: 2, withdrawing: 1 }]]),
  shelves: new Map([
    ['A', [{ sku: 'A', warehouseId: 'N', onHand: 10, allocated: 3, safety: 2, version: 1 }]],
  ]),
  warehouses: new Map([['N', isOpen]]),
});
const send = (quantity: number, figures: StockFigures, sku = 'A') =>
  refuseSending([{ sku, quantity }], 'N', figures).map(({ code }) => code);

describe('sending', () => {
  it('takes what is neither assigned nor kept back there', () => {
    expect(send(5, figuresOf(99))).toEqual([]);
    expect(send(6, figuresOf(99))).toEqual(['INSUFFICIENT_STOCK']);
  });

  it('leaves as much for sale as is claimed, where the warehouse is open', () => {
    expect(send(3, figuresOf(10))).toEqual([]);
    expect(send(4, figuresOf(10))).toEqual(['INSUFFICIENT_STOCK']);
    expect(send(5, figuresOf(7, false))).toEqual([]);
  });

  it('knows no other SKUs', () => {
    expect(send(1, figuresOf(99), 'X')).toEqual(['UNKNOWN_SKU']);
  });
});

describe('what arrives', () => {
  const sent: Transfer = {
    ...{ transferId: 'T', fromWarehouseId: 'N', toWarehouseId: 'S', status: 'IN_TRANSIT', version: 1 },
    lines: [
      ['A', 5, 0],
      ['B', 2, 1],
    ],
  };
  const arrive = (units: Record<string, number>, isLast = false) =>
    decideArrival(
      sent,
      { lines: Object.entries(units).map(([sku, quantity]) => ({ sku, quantity })), isLast },
      figuresOf(99),
    );

  it('comes in parts, and ends the transfer when all of it is there', () => {
    expect(arrive({ A: 3 })).toMatchObject({
      ...{ kind: 'received', isLast: false },
      transfer: {
        status: 'IN_TRANSIT',
        version: 2,
        lines: [
          ['A', 5, 3],
          ['B', 2, 1],
        ],
      },
    });
    expect(arrive({ A: 5, B: 1 })).toMatchObject({ isLast: true, transfer: { status: 'RECEIVED' } });
  });

  it('ends it, too, where nothing more is to come', () => {
    expect(arrive({}, true)).toMatchObject({
      ...{ kind: 'received', isLast: true },
      transfer: {
        status: 'RECEIVED',
        lines: [
          ['A', 5, 0],
          ['B', 2, 1],
        ],
      },
    });
  });

  it('is never more than was sent, nor anything else', () => {
    expect(arrive({ A: 6, B: 2, C: 1 })).toEqual({
      kind: 'refused',
      refusals: [
        { index: 0, code: 'MORE_THAN_SENT' },
        { index: 1, code: 'MORE_THAN_SENT' },
        { index: 2, code: 'UNKNOWN_SKU' },
      ],
    });
  });

  it('is nothing once the transfer ended', () => {
    const ended: Transfer = { ...sent, status: 'RECEIVED' };
    expect(decideArrival(ended, { lines: [], isLast: true }, figuresOf(99))).toEqual({ kind: 'ended' });
  });
});
