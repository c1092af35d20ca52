// Holds as a test wants them: asked for through the schema, claimed by orders, ended by the clock.
import { randomUUID } from 'node:crypto';
import type { ArrivedEvent } from '@crossdock/messaging';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { createHoldMetrics } from '../src/command-handlers/hold-metrics.ts';
import type { Claims, serveInventory } from './api.ts';
import { arrived, type Inventory } from './inventory.ts';
import { type Amounts, placed, type TestOrder } from './orders.ts';

type Api = Awaited<ReturnType<typeof serveInventory>>;

const PAYLOAD = `{ hold { id partnerId status expiresAt orderId lines { sku quantity } } replayed
  userErrors { code message field } }`;

export type HoldPayload = Readonly<{
  hold: Readonly<{
    id: string;
    partnerId: string;
    status: string;
    expiresAt: string;
    orderId: string | null;
    lines: readonly Readonly<{ sku: string; quantity: number }>[];
  }> | null;
  replayed: boolean;
  userErrors: readonly Readonly<{ code: string; message: string; field: readonly string[] | null }>[];
}>;

export const linesOf = (amounts: Amounts) =>
  Object.entries(amounts).map(([sku, quantity]) => ({ sku, quantity }));

/** The mutations of holds; `more` overrides what the input says. */
export function holdRequests({ ask }: Api) {
  const mutate = async (claims: Claims, name: string, input: object) => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const answer = await ask(claims, `mutation ($input: ${type}!) { ${name}(input: $input) ${PAYLOAD} }`, {
      input: { idempotencyKey: randomUUID(), ...input },
    });
    if (answer.errors !== undefined) throw new Error(answer.errors[0]?.extensions?.code ?? 'no code');
    // The document asks for just these fields.
    return answer.data?.[name] as HoldPayload;
  };
  return {
    holdStock: (claims: Claims, amounts: Amounts, more: object = {}) =>
      mutate(claims, 'holdStock', { lines: linesOf(amounts), ...more }),
    extendHold: (claims: Claims, holdId: string, more: object = {}) =>
      mutate(claims, 'extendHold', { holdId, ...more }),
    releaseHold: (claims: Claims, holdId: string, more: object = {}) =>
      mutate(claims, 'releaseHold', { holdId, ...more }),
    stockHold: async (claims: Claims, id: string) => {
      const query = `query ($id: ID!) { stockHold(id: $id) { id status lines { sku quantity } } }`;
      return (await ask(claims, query, { id })).data?.stockHold ?? null;
    },
  };
}

/** Orders' word on a partner. */
export const partner = (partnerId: string): ArrivedEvent =>
  arrived('orders', 'PartnerRegistered', {
    ...{ partnerId, name: partnerId, currencyCode: 'GBP', paymentMethods: ['TERMS'] },
  });

/** An order that claims a hold. */
export function placedOn(
  holdId: string,
  order: TestOrder,
  policy?: Parameters<typeof placed>[1],
): ArrivedEvent {
  const said = placed(order, policy);
  return { ...said, event: { ...said.event, data: { ...said.event.data, holdId } } };
}

/** What the sweeper needs. */
export function sweeping({ sql }: Inventory) {
  const registry = createRegistry('inventory');
  const metrics = createHoldMetrics(registry);
  return { sql, logger: createLogger('inventory', 'silent'), registry, metrics, poke: () => undefined };
}
