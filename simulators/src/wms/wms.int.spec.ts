import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChildServer, call, readJournal, startChild } from '../testing/child-server.ts';
import {
  answered,
  type ConfirmCall,
  confirmedAll,
  type StandIn,
  startStandIn,
} from '../testing/crossdock-stand-in.ts';

const SOON = { timeout: 25_000, interval: 20 };

let folder: string;
let crossdock: StandIn;
let server: ChildServer;

const start = (environment: Record<string, string> = {}) =>
  startChild('wms', {
    JOURNAL_FILE: join(folder, 'wms.ndjson'),
    WMS_TOKENS_FILE: join(folder, 'tokens.json'),
    GATEWAY_URL: crossdock.url,
    ...environment,
  });
const writeTokens = async (tokens: object) => {
  await writeFile(join(folder, 'tokens.new'), JSON.stringify(tokens));
  await rename(join(folder, 'tokens.new'), join(folder, 'tokens.json'));
};
const shipment = (shipmentId: string, changes: object = {}) => ({
  shipmentId,
  releaseEpoch: 1,
  warehouseId: 'WH-1',
  orderNumber: `XD-${shipmentId}`,
  shipTo: { name: 'Canary & Co', country: 'United Kingdom' },
  lines: [{ sku: '85123A', quantity: 6 }],
  ...changes,
});
const tell = (...shipments: object[]) => call('POST', `${server.url}/v1/shipments`, { shipments });
const recall = (...recalls: object[]) => call('POST', `${server.url}/v1/shipments/recall`, { recalls });
const setMode = (mode: object) => call('PUT', `${server.url}/control/mode`, mode);
const statusOf = async (id: string) => (await call('GET', `${server.url}/v1/shipments/${id}`)).body.status;
const resultsOf = ({ body }: { body: Record<string, unknown> }) =>
  (body.results as { result: string; reason?: string }[]).map(({ result, reason }) => reason ?? result);
const rowIds = ({ rows }: ConfirmCall) => rows.map(({ shipmentId }) => shipmentId);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wms-'));
  crossdock = await startStandIn();
  await writeTokens({ 'WH-1': 'token-1', 'WH-2': 'token-2' });
  server = await start();
});
afterEach(async () => {
  await server.stop();
  crossdock.close();
  await rm(folder, { recursive: true });
});

describe('the way of a shipment', () => {
  it('is taken, confirmed by its warehouse, and leaves', async () => {
    expect(resultsOf(await tell(shipment('a'), shipment('b', { warehouseId: 'WH-2' })))).toEqual([
      'ACCEPTED',
      'ACCEPTED',
    ]);
    await expect.poll(() => statusOf('a'), SOON).toBe('SHIPPED');
    await expect.poll(() => statusOf('b'), SOON).toBe('SHIPPED');
    expect(crossdock.calls.map(({ token, rows }) => [token, rows.length]).sort()).toEqual([
      ['token-1', 1],
      ['token-2', 1],
    ]);
    const kinds = (await readJournal(server.url))
      .filter(({ shipmentId }) => shipmentId === 'a')
      .map(({ kind }) => kind);
    expect(kinds).toEqual(['accepted', 'shipped']);
    expect(resultsOf(await tell(shipment('a')))).toEqual(['ALREADY_ACCEPTED']);
    expect(server.output()).not.toContain('Canary');
  });

  it('gathers what comes while calls are out: at most two, a hundred rows each', async () => {
    crossdock.script = async (sent) => {
      await sleep(50);
      return confirmedAll(sent);
    };
    const all = Array.from({ length: 1_000 }, (_, n) => shipment(`s-${n}`));
    await Promise.all(Array.from({ length: 10 }, (_, n) => tell(...all.slice(n * 100, n * 100 + 100))));
    await expect
      .poll(async () => (await readJournal(server.url)).filter((l) => l.kind === 'shipped').length, SOON)
      .toBe(1_000);
    expect(crossdock.mostAtOnce()).toBeLessThanOrEqual(2);
    expect(Math.max(...crossdock.calls.map(({ rows }) => rows.length))).toBeLessThanOrEqual(100);
    expect(new Set(crossdock.calls.flatMap(rowIds)).size).toBe(1_000);
    expect(crossdock.calls.length).toBeLessThan(40);
  });

  it('is never sent when Crossdock withdrew it', async () => {
    crossdock.script = ({ rows }) =>
      answered(rows.map(({ shipmentId }) => (shipmentId === 'w' ? 'SHIPMENT_WITHDRAWN' : undefined)));
    await tell(shipment('w'), shipment('x'));
    await expect.poll(() => statusOf('w'), SOON).toBe('CANCELLED');
    await expect.poll(() => statusOf('x'), SOON).toBe('SHIPPED');
    expect(
      resultsOf(await recall({ shipmentId: 'w', releaseEpoch: 1 }, { shipmentId: 'x', releaseEpoch: 1 })),
    ).toEqual(['RECALLED', 'ALREADY_SHIPPED']);
  });

  it('asks again under a new key when a row is refused for now', async () => {
    crossdock.script = (sent) =>
      crossdock.calls.length === 1 ? answered(['SHIPMENT_STATE']) : confirmedAll(sent);
    await tell(shipment('early'));
    await expect.poll(() => statusOf('early'), SOON).toBe('SHIPPED');
    expect(new Set(crossdock.calls.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
  });
});

describe('Crossdock in trouble', () => {
  it('gets the very same batch under the same key until it answers', async () => {
    const troubles = [
      { status: 503, body: { errors: [{ message: 'busy', extensions: { code: 'OVERLOADED' } }] } },
      {
        status: 200,
        body: { data: null, errors: [{ message: 'no', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] },
      },
      { status: 429, body: {} },
    ];
    crossdock.script = (sent) => troubles.shift() ?? confirmedAll(sent);
    await tell(shipment('patient'));
    await expect.poll(() => statusOf('patient'), SOON).toBe('SHIPPED');
    expect(crossdock.calls).toHaveLength(4);
    expect(new Set(crossdock.calls.map(({ content }) => content)).size).toBe(1);
  });

  it('has a batch halved until the one bad row is alone', async () => {
    const bad = {
      status: 200,
      body: { data: null, errors: [{ message: 'no', extensions: { code: 'BAD_USER_INPUT' } }] },
    };
    crossdock.script = (sent) => (rowIds(sent).includes('bad') ? bad : confirmedAll(sent));
    await tell(...['a', 'b', 'bad', 'c', 'd'].map((id) => shipment(id)));
    for (const id of ['a', 'b', 'c', 'd']) await expect.poll(() => statusOf(id), SOON).toBe('SHIPPED');
    expect((await call('GET', `${server.url}/v1/shipments/bad`)).body.reason).toBe('BAD_USER_INPUT');
  });

  it('is called with a token that came later', async () => {
    await tell(shipment('later', { warehouseId: 'WH-3' }));
    await expect.poll(() => server.output(), SOON).toContain('NO_TOKEN');
    await writeTokens({ 'WH-3': 'token-3' });
    await expect.poll(() => statusOf('later'), SOON).toBe('SHIPPED');
    expect(crossdock.calls.map(({ token }) => token)).toEqual(['token-3']);
  });
});

describe('epochs and recalls', () => {
  it('refuses stale, recalled and changed releases', async () => {
    await setMode({ mode: 'silent' });
    await tell(shipment('e', { releaseEpoch: 2 }));
    expect(
      resultsOf(
        await tell(shipment('e'), shipment('e', { releaseEpoch: 2, lines: [{ sku: 'X', quantity: 1 }] })),
      ),
    ).toEqual(['STALE_EPOCH', 'CONTENT_DIFFERS']);
    expect(
      resultsOf(
        await recall({ shipmentId: 'e', releaseEpoch: 2 }, { shipmentId: 'unseen', releaseEpoch: 1 }),
      ),
    ).toEqual(['RECALLED', 'UNKNOWN']);
    expect(resultsOf(await tell(shipment('e', { releaseEpoch: 2 }), shipment('unseen')))).toEqual([
      'RECALLED',
      'RECALLED',
    ]);
    await setMode({ mode: 'none' });
    expect(crossdock.calls).toEqual([]);
  });

  it('answers a recall only when Crossdock has said whether the goods leave', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    crossdock.script = async (sent) => {
      await held;
      return confirmedAll(sent);
    };
    await tell(shipment('door'));
    await expect.poll(() => statusOf('door'), SOON).toBe('CONFIRMING');
    const asked = recall({ shipmentId: 'door', releaseEpoch: 1 });
    await sleep(100);
    release();
    expect(resultsOf(await asked)).toEqual(['ALREADY_SHIPPED']);
  });
});

describe('kill -9', () => {
  it('resumes what it had accepted and not begun to confirm', async () => {
    await server.stop();
    server = await start({ PICK_MS: '60000' });
    await tell(...Array.from({ length: 150 }, (_, n) => shipment(`r-${n}`)));
    await server.crash();
    expect(crossdock.calls).toEqual([]);
    server = await start();
    await expect
      .poll(async () => (await readJournal(server.url)).filter((l) => l.kind === 'shipped').length, SOON)
      .toBe(150);
  });

  it('sends an unanswered batch again, unchanged, under its key', async () => {
    crossdock.script = () => undefined;
    await tell(shipment('u-1'), shipment('u-2'));
    await expect.poll(() => crossdock.calls.length, SOON).toBe(1);
    await server.crash();
    crossdock.script = confirmedAll;
    server = await start();
    await expect.poll(() => statusOf('u-2'), SOON).toBe('SHIPPED');
    expect(crossdock.calls).toHaveLength(2);
    expect(crossdock.calls[1]?.content).toBe(crossdock.calls[0]?.content);
    const left = (await readJournal(server.url)).filter(({ kind }) => kind === 'shipped');
    expect(left.map(({ shipmentId }) => shipmentId)).toEqual(['u-1', 'u-2']);
  });
});

describe('faults', () => {
  it('down for one warehouse, reject, silent until the mode ends', async () => {
    await setMode({ mode: 'down', warehouseIds: ['WH-2'] });
    expect((await tell(shipment('f-1', { warehouseId: 'WH-2' }))).status).toBe(503);
    expect((await tell(shipment('f-2'))).status).toBe(200);
    await setMode({ mode: 'reject' });
    expect(resultsOf(await tell(shipment('f-3')))).toEqual(['REJECTED']);
    await setMode({ mode: 'silent' });
    expect(resultsOf(await tell(shipment('f-4')))).toEqual(['ACCEPTED']);
    await sleep(100);
    expect(await statusOf('f-4')).toBe('PICKING');
    await setMode({ mode: 'none' });
    await expect.poll(() => statusOf('f-4'), SOON).toBe('SHIPPED');
  });

  it('accepts, times out, and confirms nevertheless; late confirms later', async () => {
    await setMode({ mode: 'accept-then-timeout' });
    void tell(shipment('t')).catch(() => undefined);
    await expect.poll(() => statusOf('t'), SOON).toBe('SHIPPED');
    await setMode({ mode: 'late', lateMs: 500 });
    const from = performance.now();
    await tell(shipment('l'));
    await expect.poll(() => statusOf('l'), SOON).toBe('SHIPPED');
    expect(performance.now() - from).toBeGreaterThan(450);
  });
});

it('refuses what is malformed, and keeps nothing of it', async () => {
  const malformed = [
    { shipments: [] },
    { shipments: Array.from({ length: 201 }, (_, n) => shipment(`m-${n}`)) },
    { shipments: [shipment('x', { lines: [] })] },
    { shipments: [shipment('x', { lines: [{ sku: 'A', quantity: 0.5 }] })] },
    { shipments: [shipment('x'.repeat(65))] },
    '{',
    undefined,
  ];
  for (const body of malformed) {
    const answer = await call('POST', `${server.url}/v1/shipments`, body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  }
  expect(await readJournal(server.url)).toEqual([]);
});
