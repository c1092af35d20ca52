// The requests of the model, made of the handlers that clients reach.
import { randomUUID } from 'node:crypto';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { createAdjustStock } from '../../src/command-handlers/adjust-stock.ts';
import { createBackorderMetrics } from '../../src/command-handlers/backorder-metrics.ts';
import { expireHolds } from '../../src/command-handlers/expire-holds.ts';
import { createExtendHold } from '../../src/command-handlers/extend-hold.ts';
import { createHoldMetrics } from '../../src/command-handlers/hold-metrics.ts';
import { createHoldStock } from '../../src/command-handlers/hold-stock.ts';
import { createReceiveTransfer } from '../../src/command-handlers/receive-transfer.ts';
import { releaseBackorders } from '../../src/command-handlers/release-backorders.ts';
import { createReleaseHold } from '../../src/command-handlers/release-hold.ts';
import { createSetSafetyStock } from '../../src/command-handlers/set-safety-stock.ts';
import { createTransferStock } from '../../src/command-handlers/transfer-stock.ts';
import type { Inventory } from '../inventory.ts';
import type { Request } from './operations.ts';

type RequestOf<K extends Request['kind']> = Extract<Request, { kind: K }>;
type Requests = { [K in Request['kind']]: (request: RequestOf<K>) => Promise<unknown> };

const TTL_SECONDS = 3_600;
const metadata = {};
const seesPartner = () => true;

/** A client's key, new for every request. */
const keyed = () => ({ idempotencyKey: randomUUID() });
const erp = { metadata, own: null };
const rows = () => ({ ...keyed(), errorPolicy: 'REJECT_ALL' }) as const;

function goodsRequests({ sql, receiveStock }: Inventory) {
  const parts = { sql, poke: () => undefined };
  const adjust = createAdjustStock(parts);
  const setSafety = createSetSafetyStock(parts);
  return {
    receive: ({ sku, warehouseId, quantity }) => receiveStock([{ sku, warehouseId, quantity }]),
    adjust: ({ lines }) =>
      adjust({
        ...erp,
        input: {
          ...{ ...keyed(), errorPolicy: 'REJECT_ROWS' },
          lines: lines.map((line) => ({ ...line, reason: 'CORRECTION' })),
        },
      }),
    count: async ({ sku, warehouseId, counted }) => {
      const [shelf] = await sql<{ version: number }[]>`
        SELECT version FROM stock WHERE sku = ${sku} AND warehouse_id = ${warehouseId}`;
      const line = {
        sku,
        warehouseId,
        counted,
        expectedVersion: shelf?.version ?? 0,
        reason: 'COUNT',
      } as const;
      return adjust({ ...erp, input: { ...rows(), lines: [line] } });
    },
    safety: ({ sku, warehouseId, safety }) =>
      setSafety({ metadata, input: { ...rows(), lines: [{ sku, warehouseId, safety }] } }),
  } satisfies Partial<Requests>;
}

function transferRequests({ sql }: Inventory) {
  const parts = { sql, poke: () => undefined };
  const transfer = createTransferStock(parts);
  const arrive = createReceiveTransfer(parts);
  const ids = new Map<string, { transferId: string; sku: string }>();
  return {
    send: async ({ label, from, to, sku, quantity }) => {
      const places = { fromWarehouseId: from, toWarehouseId: to };
      const input = { ...keyed(), ...places, lines: [{ sku, quantity }] };
      const { transferId } = await transfer({ metadata, input });
      if (transferId !== null) ids.set(label, { transferId, sku });
    },
    arrive: async ({ label, quantity, isLast }) => {
      const { transferId = '', sku = '' } = ids.get(label) ?? {};
      const lines = quantity === 0 ? [] : [{ sku, quantity }];
      await arrive({ ...erp, input: { ...keyed(), transferId, lines, isLast } });
    },
  } satisfies Partial<Requests>;
}

function holdRequests({ sql }: Inventory, epoch: number, holds: Map<string, string>) {
  const parts = { sql, poke: () => undefined };
  const [hold, extend, letGo] = [createHoldStock(parts), createExtendHold(parts), createReleaseHold(parts)];
  const metrics = createHoldMetrics(createRegistry('inventory'));
  const logger = createLogger('inventory', 'error');
  const idOf = (label: string) => holds.get(label) ?? '';
  return {
    hold: async ({ label, partnerId, lines: units }) => {
      const lines = Object.entries(units).map(([sku, quantity]) => ({ sku, quantity }));
      const input = { ...keyed(), partnerId, ttlSeconds: TTL_SECONDS, lines };
      const { holdId } = await hold({ metadata, input });
      if (holdId !== null) holds.set(label, holdId);
    },
    extend: ({ label }) =>
      extend({
        metadata,
        seesPartner,
        input: { ...keyed(), holdId: idOf(label), ttlSeconds: 2 * TTL_SECONDS },
      }),
    'let go': ({ label }) => letGo({ metadata, seesPartner, input: { ...keyed(), holdId: idOf(label) } }),
    expire: async ({ label }) => {
      await sql`
        UPDATE holds SET expires_at = clock_timestamp() - interval '1 second'
        WHERE hold_id::text = ${idOf(label)} AND status = 'ACTIVE'`;
      await expireHolds({ ...parts, logger, metrics }, epoch);
    },
  } satisfies Partial<Requests>;
}

/** Makes requests one after the other or at the same time; `holds` learns the real ids of holds, `epoch` is that of the lease. */
export function requesterOf(inventory: Inventory, epoch: number, holds: Map<string, string>) {
  const { sql } = inventory;
  const release = {
    ...{ sql, poke: () => undefined, logger: createLogger('inventory', 'error') },
    metrics: createBackorderMetrics(createRegistry('inventory')),
  };
  const requests: Requests = {
    ...goodsRequests(inventory),
    ...transferRequests(inventory),
    ...holdRequests(inventory, epoch, holds),
    release: () => releaseBackorders(release, epoch),
  };
  return <K extends Request['kind']>(request: RequestOf<K> & Readonly<{ kind: K }>): Promise<unknown> =>
    requests[request.kind](request);
}
