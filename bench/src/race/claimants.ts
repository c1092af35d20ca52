// The other side of the API: what the ERP, the warehouses and visiting reps do to stock, each to its decision.
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { z } from 'zod';
import { pauseBefore } from '../replay/placing.ts';
import * as documents from './documents.ts';

export type Line = Readonly<{ sku: string; quantity: number }>;
export type ShelfLine = Line & Readonly<{ warehouseId: string }>;

/** What a mutation came to: its payload where it was done, else the codes it was refused with. */
export type Done<Payload> =
  | Readonly<{ kind: 'done'; payload: Payload }>
  | Readonly<{ kind: 'refused'; codes: readonly string[] }>
  | Readonly<{ kind: 'unknown'; codes: readonly string[] }>;

export type AmountOfMoney = Readonly<{ amount: string; currencyCode: string }>;

export interface Claimants {
  readonly upsertProducts: (skus: readonly string[]) => Promise<void>;
  readonly receive: (lines: readonly ShelfLine[]) => Promise<Done<unknown>>;
  readonly cancel: (orderId: string, lines?: readonly Line[]) => Promise<Done<unknown>>;
  /** Gives back what was taken for an order: this much, or all of it. */
  readonly refund: (orderId: string, reason: string, amount?: AmountOfMoney) => Promise<Done<unknown>>;
  readonly adjust: (line: Readonly<Record<string, unknown>>) => Promise<Done<unknown>>;
  readonly hold: (partnerId: string, lines: readonly Line[]) => Promise<Done<Readonly<{ holdId: string }>>>;
  readonly release: (holdId: string) => Promise<Done<unknown>>;
  /** A shelf as it stands, to count from. */
  readonly shelf: (
    sku: string,
    warehouseId: string,
  ) => Promise<Readonly<{ onHand: number; version: number }> | null>;
  readonly figures: (sku: string) => Promise<Figures>;
  /** Units reserved or shipped by the lines of all orders that have the SKU. */
  readonly soldOf: (sku: string) => Promise<number>;
  readonly close: () => Promise<void>;
}

export interface ClaimantsOptions {
  readonly gatewayUrl: string;
  readonly token: string;
  readonly run: string;
  readonly draw: () => number;
}

const CONNECTIONS = 16;
const REQUEST_TIMEOUT_MS = 30_000;
/** With the growing pauses between them about half a minute of patience. */
const ATTEMPTS_MAX = 20;
const ORDERS_PAGE = 50;
const PAGES_MAX = 100;
/** Refusals that end when a fact of another subgraph arrives, or a load passes. */
const ASK_AGAIN = new Set([
  ...['OVERLOADED', 'SUBGRAPH_UNAVAILABLE', 'REQUEST_IN_PROGRESS', 'INTERNAL_SERVER_ERROR', 'TRANSPORT'],
  ...['UNKNOWN_SKU', 'UNKNOWN_WAREHOUSE', 'UNKNOWN_PARTNER'],
]);

const userErrors = z.array(z.object({ code: z.string() }));
const payload = z.looseObject({
  userErrors: userErrors.optional(),
  results: z.array(z.looseObject({ userErrors })).optional(),
});
const fault = z.object({
  message: z.string(),
  extensions: z.object({ code: z.string().optional() }).optional(),
});
const reply = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(fault).optional(),
});

interface Answer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly codes: readonly string[];
}

export function openClaimants({ gatewayUrl, token, run, draw }: ClaimantsOptions): Claimants {
  const pool = new Pool(new URL(gatewayUrl).origin, {
    ...{ connections: CONNECTIONS, headersTimeout: REQUEST_TIMEOUT_MS, bodyTimeout: REQUEST_TIMEOUT_MS },
  });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const once = async (query: string, variables: object): Promise<Answer> => {
    try {
      const body = JSON.stringify({ query, variables });
      const response = await pool.request({ method: 'POST', path: '/graphql', headers, body });
      return answerOf(await response.body.json());
    } catch {
      return { data: {}, codes: ['TRANSPORT'] };
    }
  };
  const ask = async (query: string, variables: object): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await once(query, variables);
      const isFinal = attempt === ATTEMPTS_MAX || !answer.codes.some((code) => ASK_AGAIN.has(code));
      if (isFinal) return answer;
      await sleep(pauseBefore(attempt, 0, draw));
    }
  };
  let keys = 0;
  const mutate = async (field: string, document: string, input: object): Promise<Done<unknown>> => {
    keys += 1;
    const { data, codes } = await ask(document, {
      input: { idempotencyKey: `${run}-${field}-${keys}`, ...input },
    });
    if (codes.length === 0) return { kind: 'done', payload: data[field] };
    return { kind: codes.some((code) => ASK_AGAIN.has(code)) ? 'unknown' : 'refused', codes };
  };
  return { ...mutationsOf(mutate), ...queriesOf(ask), close: () => pool.close() };
}

function answerOf(body: unknown): Answer {
  const { data, errors = [] } = reply.parse(body);
  const payloads = Object.values(data ?? {}).flatMap((each) => {
    const parsed = payload.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
  const refusals = payloads.flatMap(({ userErrors = [], results = [] }) => [
    ...userErrors,
    ...results.flatMap((result) => result.userErrors),
  ]);
  const faults = errors.map(({ extensions }) => extensions?.code ?? 'INTERNAL_SERVER_ERROR');
  return { data: data ?? {}, codes: [...refusals.map(({ code }) => code), ...faults] };
}

type Mutate = (field: string, document: string, input: object) => Promise<Done<unknown>>;

function mutationsOf(mutate: Mutate) {
  const listPrice = { amount: '2.50', currencyCode: 'GBP' };
  return {
    upsertProducts: async (skus: readonly string[]) => {
      const products = skus.map((sku) => ({ sku, name: sku, listPrice }));
      const done = await mutate('upsertProducts', documents.UPSERT_PRODUCTS, { products });
      if (done.kind !== 'done') throw new Error(`Products were refused: ${done.codes.join(', ')}`);
    },
    receive: (lines: readonly ShelfLine[]) => mutate('receiveStock', documents.RECEIVE_STOCK, { lines }),
    cancel: (orderId: string, lines?: readonly Line[]) =>
      mutate('cancelOrder', documents.CANCEL_ORDER, { orderId, ...(lines === undefined ? {} : { lines }) }),
    refund: (orderId: string, reason: string, amount?: AmountOfMoney) =>
      mutate('refundPayment', documents.REFUND_PAYMENT, {
        ...{ orderId, reason },
        ...(amount === undefined ? {} : { amount }),
      }),
    adjust: (line: Readonly<Record<string, unknown>>) =>
      mutate('adjustStock', documents.ADJUST_STOCK, { lines: [line] }),
    hold: async (partnerId: string, lines: readonly Line[]) => {
      const done = await mutate('holdStock', documents.HOLD_STOCK, { partnerId, ttlSeconds: 600, lines });
      if (done.kind !== 'done') return done;
      const held = z.object({ hold: z.object({ id: z.string() }) }).parse(done.payload);
      return { kind: 'done' as const, payload: { holdId: held.hold.id } };
    },
    release: (holdId: string) => mutate('releaseHold', documents.RELEASE_HOLD, { holdId }),
  };
}

const shelves = z.object({
  product: z
    .object({ stock: z.array(z.object({ warehouseId: z.string(), onHand: z.int(), version: z.int() })) })
    .nullable(),
});
const figures = z.object({ available: z.int(), held: z.int(), withdrawing: z.int() });
const availability = z.object({ product: z.object({ availability: figures }) });
/** Units of a SKU that nobody has a claim on, that are held, and of which it is not known yet whether they left. */
export type Figures = Readonly<z.infer<typeof figures>>;

const ordersPage = z.object({
  orders: z.object({
    nodes: z.array(
      z.object({ lines: z.array(z.object({ sku: z.string(), reserved: z.int(), shipped: z.int() })) }),
    ),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});

function queriesOf(ask: (query: string, variables: object) => Promise<Answer>) {
  return {
    shelf: async (sku: string, warehouseId: string) => {
      const { product } = shelves.parse((await ask(documents.SHELVES, { sku })).data);
      return product?.stock.find((each) => each.warehouseId === warehouseId) ?? null;
    },
    figures: async (sku: string) =>
      availability.parse((await ask(documents.AVAILABILITY, { sku })).data).product.availability,
    soldOf: async (sku: string) => {
      let sold = 0;
      let after: string | null = null;
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const answer: Answer = await ask(documents.ORDERS_OF_SKU, { sku, first: ORDERS_PAGE, after });
        const { nodes, pageInfo } = ordersPage.parse(answer.data).orders;
        for (const line of nodes.flatMap(({ lines }) => lines))
          if (line.sku === sku) sold += line.reserved + line.shipped;
        if (!pageInfo.hasNextPage) return sold;
        after = pageInfo.endCursor;
      }
      throw new Error(`More than ${PAGES_MAX * ORDERS_PAGE} orders have ${sku}`);
    },
  };
}
