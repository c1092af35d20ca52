import { describe, expect, it } from 'vitest';
import type { ShipmentOrder, WmsEntry } from './journal-lines.ts';
import { decideAccept, decideRecall, MAX_REFUSALS } from './pick.ts';
import { PickBook } from './pick-book.ts';

const order = (changes: Partial<ShipmentOrder> = {}): ShipmentOrder => ({
  shipmentId: 's-1',
  releaseEpoch: 1,
  warehouseId: 'WH-1',
  orderNumber: 'XD-1',
  lines: [{ sku: 'A', quantity: 2 }],
  ...changes,
});
const name = { shipmentId: 's-1', releaseEpoch: 1 };
const accepted = (changes: Partial<ShipmentOrder> = {}): WmsEntry => ({
  kind: 'accepted',
  ...order(changes),
});
const confirming: WmsEntry = {
  kind: 'confirming',
  warehouseId: 'WH-1',
  idempotencyKey: 'k',
  shipments: [name],
};
const refused: WmsEntry = { kind: 'refused', ...name, code: 'SHIPMENT_STATE' };
const shipped: WmsEntry = {
  kind: 'shipped',
  ...name,
  warehouseId: 'WH-1',
  carrier: 'UPS',
  trackingNumber: 'X',
  lines: order().lines,
};

function given(...entries: WmsEntry[]): PickBook {
  const book = new PickBook();
  for (const [index, entry] of entries.entries()) {
    book.apply({ seq: index + 1, at: '2026-01-01T00:00:00.000Z', ...entry });
  }
  return book;
}
const tell = (book: PickBook, told: ShipmentOrder) => decideAccept(told, book.known(told));

describe('being told a shipment', () => {
  it('takes it once', () => {
    expect(tell(given(), order())).toEqual({ result: 'ACCEPTED', supersedes: undefined });
    expect(tell(given(accepted()), order())).toEqual({ result: 'ALREADY_ACCEPTED', resumes: false });
    expect(tell(given(accepted(), confirming, shipped), order())).toEqual({
      result: 'ALREADY_ACCEPTED',
      resumes: false,
    });
  });

  it('knows lines in any order as the same, other lines as different', () => {
    const [a, b] = [
      { sku: 'A', quantity: 2 },
      { sku: 'B', quantity: 1 },
    ] as const;
    const book = given(accepted({ lines: [a, b] }));
    expect(tell(book, order({ lines: [b, a] })).result).toBe('ALREADY_ACCEPTED');
    expect(tell(book, order({ lines: [a] }))).toEqual({ result: 'REFUSED', reason: 'CONTENT_DIFFERS' });
    expect(tell(book, order({ lines: [a, b], warehouseId: 'WH-2' }))).toEqual({
      result: 'REFUSED',
      reason: 'CONTENT_DIFFERS',
    });
  });

  it('refuses an epoch older than the one it picks', () => {
    const book = given(accepted({ releaseEpoch: 2 }));
    expect(tell(book, order())).toEqual({ result: 'REFUSED', reason: 'STALE_EPOCH' });
  });

  it('does not know what another warehouse was told', () => {
    const book = given(accepted({ releaseEpoch: 2, warehouseId: 'WH-2' }));
    expect(tell(book, order()).result).toBe('ACCEPTED');
  });

  it('lets a higher epoch take the place of a pick on the floor, not of one at the door', () => {
    const next = order({ releaseEpoch: 2 });
    const onTheFloor = given(accepted());
    expect(tell(onTheFloor, next)).toEqual({ result: 'ACCEPTED', supersedes: onTheFloor.pick(name) });
    expect(tell(given(accepted(), confirming), next)).toEqual({ result: 'ACCEPTED', supersedes: undefined });
    expect(tell(given(accepted(), confirming, shipped), next)).toEqual({
      result: 'REFUSED',
      reason: 'ALREADY_SHIPPED',
    });
  });

  it('refuses what was recalled, even when the recall came first', () => {
    const recalled: WmsEntry = { kind: 'recalled', ...name };
    expect(tell(given(recalled), order())).toEqual({ result: 'REFUSED', reason: 'RECALLED' });
    expect(tell(given(accepted(), recalled), order())).toEqual({ result: 'REFUSED', reason: 'RECALLED' });
  });

  it('refuses what Crossdock withdrew', () => {
    const book = given(accepted(), confirming, { kind: 'cancelled', ...name, code: 'SHIPMENT_WITHDRAWN' });
    expect(tell(book, order())).toEqual({ result: 'REFUSED', reason: 'CANCELLED' });
  });

  it('takes a held pick up again', () => {
    const refusals = Array.from({ length: MAX_REFUSALS }, () => [confirming, refused]).flat();
    const held = given(accepted(), ...refusals);
    expect(held.pick(name)?.status).toBe('HELD');
    expect(tell(held, order())).toEqual({ result: 'ALREADY_ACCEPTED', resumes: true });
    expect(given(accepted(), ...refusals.slice(2)).pick(name)?.status).toBe('PICKING');
  });
});

describe('recalling', () => {
  it.each([
    ['nothing known', [], { result: 'UNKNOWN', writes: true }],
    ['on the floor', [accepted()], { result: 'RECALLED', writes: true }],
    ['at the door', [accepted(), confirming], { result: 'CONFIRMING', writes: false }],
    ['left', [accepted(), confirming, shipped], { result: 'ALREADY_SHIPPED', writes: false }],
    ['recalled before', [accepted(), { kind: 'recalled', ...name }], { result: 'RECALLED', writes: false }],
  ] as const)('%s', (_case, entries, expected) => {
    const book = given(...(entries as readonly WmsEntry[]));
    expect(decideRecall(book.pick(name), book.isRecalled(name))).toEqual(expected);
  });
});

it('resumes a batch for the rows that have no verdict, with all its rows', () => {
  const both = [name, { shipmentId: 's-2', releaseEpoch: 1 }];
  const batch: WmsEntry = { kind: 'confirming', warehouseId: 'WH-1', idempotencyKey: 'k', shipments: both };
  const book = given(accepted(), accepted({ shipmentId: 's-2' }), batch, shipped);
  const [open] = book.openBatches();
  if (open === undefined) throw new Error('the batch is forgotten');
  expect(open.shipments).toEqual(both);
  expect(book.undecidedOf(open).map(({ shipmentId }) => shipmentId)).toEqual(['s-2']);
  expect(given(accepted(), confirming, shipped).openBatches()).toEqual([]);
});
