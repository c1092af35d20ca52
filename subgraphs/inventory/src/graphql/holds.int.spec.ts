import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { buyerOf, type Claims, ERP, serveInventory } from '../../test/api.ts';
import { disagreements, oversold } from '../../test/books.ts';
import { type HoldPayload, holdRequests, partner } from '../../test/holds.ts';
import { type Inventory, openInventory } from '../../test/inventory.ts';
import { LIVE_HOLDS_MAX } from '../domain/hold/decide.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

let inventory: Inventory;
let api: Awaited<ReturnType<typeof serveInventory>>;
let ask: ReturnType<typeof holdRequests>;

beforeAll(async () => {
  inventory = await openInventory();
  api = await serveInventory(inventory);
  ask = holdRequests(api);
  await inventory.hear(['P-1', 'P-2', 'P-3', 'P-4'].map(partner));
});

afterEach(async () => {
  expect(await disagreements(inventory.sql)).toEqual([]);
  expect(await oversold(inventory.sql)).toEqual([]);
});

afterAll(async () => {
  await api.close();
  await inventory.close();
});

const BUYER = buyerOf('P-1');
const APPROVER: Claims = { role: 'approver', partner: 'P-1' };
const REP: Claims = { role: 'rep', partners: ['P-1', 'P-2'] };
const codes = ({ userErrors }: HoldPayload) =>
  userErrors.map(({ code, field }) => `${code} ${(field ?? []).join('.')}`.trim());
const idOf = ({ hold }: HoldPayload) => hold?.id ?? 'no hold';
const figures = async (sku: string) =>
  (await inventory.sql`SELECT reserved, held FROM sku_totals WHERE sku = ${sku}`)[0];
const typesOf = async (holdId: string) => (await inventory.said(holdId)).map(({ type }) => type);
const timeIsOver = (holdId: string) => inventory.sql`
  UPDATE holds SET expires_at = clock_timestamp() - interval '1 second' WHERE hold_id = ${holdId}`;

describe('holdStock', () => {
  it('keeps units for a partner until a time that the database names', async () => {
    await inventory.stockUp({ CUP: { HN: 5, HS: 2 }, JUG: { HN: 3 } });
    const [before] = await inventory.sql<{ at: Date }[]>`SELECT clock_timestamp() AS at`;
    const answer = await ask.holdStock(BUYER, { CUP: 6, JUG: 1 }, { ttlSeconds: 60 });
    const lines = [
      { sku: 'CUP', quantity: 6 },
      { sku: 'JUG', quantity: 1 },
    ];
    const about = { partnerId: 'P-1', status: 'ACTIVE', orderId: null, lines };
    expect(answer).toMatchObject({ hold: about, replayed: false, userErrors: [] });
    const [after] = await inventory.sql<{ at: Date }[]>`SELECT clock_timestamp() AS at`;
    const placedAt_ms = Date.parse(answer.hold?.expiresAt ?? '') - 60_000;
    expect(placedAt_ms).toBeGreaterThanOrEqual(before?.at.getTime() ?? Number.NaN);
    expect(placedAt_ms).toBeLessThanOrEqual(after?.at.getTime() ?? Number.NaN);
    expect(await figures('CUP')).toEqual({ reserved: 0, held: 6 });
    const [said] = await inventory.said(idOf(answer));
    const { id: holdId, expiresAt } = answer.hold ?? {};
    expect(said).toMatchObject({
      type: 'HoldPlaced',
      version: 1,
      data: { holdId, partnerId: 'P-1', expiresAt, lines },
    });
    const query = '{ product(sku: "CUP") { availability { held available } } }';
    expect((await api.ask(BUYER, query)).data).toEqual({
      product: { availability: { held: 6, available: 1 } },
    });
  });

  it('holds all lines or none, and tells of each short line what there is', async () => {
    await inventory.stockUp({ MUCH: { HN: 9 }, FEW: { HN: 2 }, NONE: {} });
    const answer = await ask.holdStock(BUYER, { MUCH: 1, FEW: 3, NONE: 1 });
    expect(codes(answer)).toEqual([
      'INSUFFICIENT_STOCK lines.1.quantity',
      'INSUFFICIENT_STOCK lines.2.quantity',
    ]);
    expect(answer.userErrors[0]?.message).toBe('3 units of FEW were asked for, and 2 are available.');
    expect([answer.hold, await figures('MUCH')]).toEqual([null, { reserved: 0, held: 0 }]);
  });

  it('names what cannot be asked', async () => {
    await inventory.stockUp({ ODD: { HN: 5 } });
    const line = { sku: 'ODD', quantity: 1 };
    const many = Array.from({ length: 1_001 }, (_, index) => ({ sku: `X${index}`, quantity: 1 }));
    const refused: [object, string[]][] = [
      [{ lines: [] }, ['LINE_COUNT lines']],
      [{ lines: many }, ['LINE_COUNT lines']],
      [{ lines: [line, line] }, ['DUPLICATE_SKU lines.1.sku']],
      [{ lines: [{ sku: 'ODD', quantity: 0 }] }, ['QUANTITY_OUT_OF_RANGE lines.0.quantity']],
      [{ lines: [line, { sku: 'NO-SUCH', quantity: 1 }] }, ['UNKNOWN_SKU lines.1.sku']],
      [{ ttlSeconds: 9 }, ['INVALID_INPUT ttlSeconds']],
      [{ ttlSeconds: 86_401 }, ['INVALID_INPUT ttlSeconds']],
      [{ idempotencyKey: ' ' }, ['INVALID_INPUT idempotencyKey']],
    ];
    for (const [more, expected] of refused)
      expect(codes(await ask.holdStock(BUYER, { ODD: 1 }, more))).toEqual(expected);
    expect(await figures('ODD')).toEqual({ reserved: 0, held: 0 });
  });

  it('is for the partners one may act for, and for nobody else', async () => {
    await inventory.stockUp({ FOR: { HN: 50 } });
    const partnerOf = async (claims: Claims, more: object = {}) => {
      const answer = await ask.holdStock(claims, { FOR: 1 }, more);
      return answer.hold?.partnerId ?? codes(answer)[0];
    };
    expect(await partnerOf(APPROVER)).toBe('P-1');
    expect(await partnerOf(REP, { partnerId: 'P-2' })).toBe('P-2');
    expect(await partnerOf(ERP, { partnerId: 'P-3' })).toBe('P-3');
    const unknown = 'UNKNOWN_PARTNER partnerId';
    expect(await partnerOf(REP)).toBe(unknown);
    expect(await partnerOf(ERP)).toBe(unknown);
    expect(await partnerOf(BUYER, { partnerId: 'P-2' })).toBe(unknown);
    expect(await partnerOf(REP, { partnerId: 'P-3' })).toBe(unknown);
    expect(await partnerOf(ERP, { partnerId: '\u0000' })).toBe(unknown);
    for (const role of ['operator', 'wms'] as const)
      await expect(partnerOf({ role }, { partnerId: 'P-1' })).rejects.toThrow('FORBIDDEN');
  });

  it('waits for a partner that is still on its way, and not for long', async () => {
    await inventory.stockUp({ WAIT: { HN: 50 } });
    // Anew where this machine stood still for as long as a partner is waited for.
    const [late, answer] = await vi.waitFor(async () => {
      const partnerId = `P-${randomUUID()}`;
      const waiting = ask.holdStock(ERP, { WAIT: 1 }, { partnerId });
      setTimeout(() => void inventory.hear([partner(partnerId)]), 300);
      const answered = await waiting;
      expect(answered.userErrors).toEqual([]);
      return [partnerId, answered];
    }, PATIENCE);
    const [event] = await inventory.sql`SELECT e.partition = p.partition AS same FROM events e JOIN partners p
      ON p.partner_id = ${late} WHERE e.stream_id = ${idOf(answer)}`;
    expect(event).toEqual({ same: true });
    expect(codes(await ask.holdStock(ERP, { WAIT: 1 }, { partnerId: 'NOBODY' }))).toEqual([
      'UNKNOWN_PARTNER partnerId',
    ]);
  });

  it('answers a replay with the hold as it stands, whatever became of the stock', async () => {
    await inventory.stockUp({ KEY: { HN: 3 } });
    const idempotencyKey = randomUUID();
    const first = await ask.holdStock(BUYER, { KEY: 3 }, { idempotencyKey });
    expect(await ask.holdStock(APPROVER, { KEY: 3 }, { idempotencyKey })).toEqual({
      ...first,
      replayed: true,
    });
    expect(codes(await ask.holdStock(BUYER, { KEY: 2 }, { idempotencyKey }))).toEqual([
      'IDEMPOTENCY_KEY_REUSED idempotencyKey',
    ]);
    await ask.releaseHold(BUYER, idOf(first));
    const again = await ask.holdStock(BUYER, { KEY: 3 }, { idempotencyKey });
    expect(again).toMatchObject({ hold: { id: idOf(first), status: 'RELEASED' }, replayed: true });
    // Keys of two partners are two keys.
    const other = await ask.holdStock(buyerOf('P-2'), { KEY: 1 }, { idempotencyKey });
    expect(other).toMatchObject({ replayed: false, userErrors: [] });
  });

  it('does one thing for requests that come at once under one key', async () => {
    await inventory.stockUp({ TWIN: { HN: 100 } });
    const idempotencyKey = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask.holdStock(BUYER, { TWIN: 2 }, { idempotencyKey })),
    );
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await figures('TWIN')).toEqual({ reserved: 0, held: 2 });
  });

  it('gives each unit to one of those who ask at once', async () => {
    await inventory.stockUp({ RUSH: { HN: 20 }, SIDE: { HN: 500 } });
    const asking = Array.from({ length: 60 }, (_, index) =>
      ask.holdStock(buyerOf(`P-${1 + (index % 3)}`), index % 2 ? { RUSH: 1, SIDE: 1 } : { SIDE: 1, RUSH: 1 }),
    );
    const answers = await Promise.all(asking);
    expect(answers.filter(({ hold }) => hold !== null)).toHaveLength(20);
    const refused = answers.filter(({ hold }) => hold === null).flatMap(codes);
    expect(new Set(refused.map((each) => each.split(' ')[0]))).toEqual(new Set(['INSUFFICIENT_STOCK']));
    expect(await figures('RUSH')).toEqual({ reserved: 0, held: 20 });
    expect(await figures('SIDE')).toEqual({ reserved: 0, held: 20 });
  });

  it('lets a partner have so many live holds and no more', async () => {
    await inventory.stockUp({ LOT: { HN: 5_000 } });
    const buyer = buyerOf('P-4');
    const held: string[] = [];
    for (let count = 0; count < LIVE_HOLDS_MAX; count += 1)
      held.push(idOf(await ask.holdStock(buyer, { LOT: 1 })));
    const refused = await ask.holdStock(buyer, { LOT: 1 });
    expect(refused.userErrors).toMatchObject([
      { code: 'INVALID_INPUT', message: expect.stringContaining('at most 200 live holds') },
    ]);
    expect((await ask.holdStock(BUYER, { LOT: 1 })).userErrors).toEqual([]);
    // What is over does not count, though nobody ended it yet.
    await timeIsOver(held[0] ?? '');
    expect((await ask.holdStock(buyer, { LOT: 1 })).userErrors).toEqual([]);
  });
});

describe('a hold that stands', () => {
  it('is extended from now, never shortened, and answers replays', async () => {
    await inventory.stockUp({ EXT: { HN: 5 } });
    const placed = await ask.holdStock(BUYER, { EXT: 1 }, { ttlSeconds: 100 });
    const idempotencyKey = randomUUID();
    const longer = await ask.extendHold(BUYER, idOf(placed), { ttlSeconds: 500, idempotencyKey });
    const gained_ms = Date.parse(longer.hold?.expiresAt ?? '') - Date.parse(placed.hold?.expiresAt ?? '');
    expect(gained_ms).toBeGreaterThan(390_000);
    expect(await ask.extendHold(BUYER, idOf(placed), { ttlSeconds: 500, idempotencyKey })).toEqual({
      ...longer,
      replayed: true,
    });
    const shorter = await ask.extendHold(BUYER, idOf(placed), { ttlSeconds: 10 });
    expect(shorter).toEqual({ ...longer, replayed: false });
    expect(await typesOf(idOf(placed))).toEqual(['HoldPlaced', 'HoldExtended']);
    expect(codes(await ask.extendHold(BUYER, idOf(placed), { ttlSeconds: 5 }))).toEqual([
      'INVALID_INPUT ttlSeconds',
    ]);
  });

  it('is released once, and a replay says so', async () => {
    await inventory.stockUp({ REL: { HN: 5 } });
    const id = idOf(await ask.holdStock(BUYER, { REL: 4 }));
    const idempotencyKey = randomUUID();
    const released = await ask.releaseHold(BUYER, id, { idempotencyKey });
    expect(released).toMatchObject({ hold: { status: 'RELEASED' }, replayed: false, userErrors: [] });
    expect(await figures('REL')).toEqual({ reserved: 0, held: 0 });
    expect(await ask.releaseHold(BUYER, id, { idempotencyKey })).toEqual({ ...released, replayed: true });
    expect(codes(await ask.releaseHold(BUYER, id))).toEqual(['HOLD_ENDED holdId']);
    expect(codes(await ask.extendHold(BUYER, id))).toEqual(['HOLD_ENDED holdId']);
    expect(await typesOf(id)).toEqual(['HoldPlaced', 'HoldReleased']);
  });

  it('is over when its time is, though nobody ended it yet', async () => {
    await inventory.stockUp({ OVR: { HN: 5 } });
    const id = idOf(await ask.holdStock(BUYER, { OVR: 4 }));
    await timeIsOver(id);
    expect(codes(await ask.extendHold(BUYER, id))).toEqual(['HOLD_ENDED holdId']);
    expect(codes(await ask.releaseHold(BUYER, id))).toEqual(['HOLD_ENDED holdId']);
  });

  it('is nobody else’s business', async () => {
    await inventory.stockUp({ OWN: { HN: 9 } });
    const id = idOf(await ask.holdStock(BUYER, { OWN: 1 }));
    const found = { id, status: 'ACTIVE', lines: [{ sku: 'OWN', quantity: 1 }] };
    for (const claims of [BUYER, APPROVER, REP, ERP, { role: 'operator' } as const])
      expect(await ask.stockHold(claims, id)).toEqual(found);
    const rival = buyerOf('P-2');
    for (const claims of [rival, { role: 'wms' } as const])
      expect(await ask.stockHold(claims, id)).toBeNull();
    expect(await ask.stockHold(ERP, 'no-uuid')).toBeNull();
    for (const request of [ask.extendHold, ask.releaseHold]) {
      expect(codes(await request(rival, id))).toEqual(['UNKNOWN_HOLD holdId']);
      expect(codes(await request(ERP, randomUUID()))).toEqual(['UNKNOWN_HOLD holdId']);
      expect(codes(await request(ERP, 'no-uuid'))).toEqual(['UNKNOWN_HOLD holdId']);
      await expect(request({ role: 'operator' }, id)).rejects.toThrow('FORBIDDEN');
    }
    expect((await ask.releaseHold(REP, id)).hold?.status).toBe('RELEASED');
  });
});
