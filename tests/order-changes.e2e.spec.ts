import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './client/eventually.ts';
import type { GatewayClient } from './client/gateway-client.ts';
import { othersAtRest } from './platform/at-rest.ts';
import { enterPlatform, type World } from './platform/callers.ts';
import { accepted, settled } from './platform/orders.ts';

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
  await othersAtRest(world);
});

type Change = Readonly<{ order: { id: string; version: number }; version: number; type: string }>;
type Page = Readonly<{
  edges: readonly { cursor: string; node: { version: number } }[];
  nodes: readonly Change[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}>;

const CHANGES = `query ($after: String, $first: Int) {
  orderChanges(after: $after, first: $first) {
    edges { cursor node { version } }
    nodes { order { id version } version type }
    pageInfo { hasNextPage endCursor }
  }
}`;

const pageOf = async (client: GatewayClient, after: string | null, first = 100): Promise<Page> =>
  (await client.data<{ orderChanges: Page }>(CHANGES, { after, first })).orderChanges;

/** A runaway pager must not page for ever. */
const PAGES_MAX = 1_000;

/** Everything behind the cursor, page by page, and the cursor of its end. */
async function changesBehind(
  after: string | null,
  first: number,
): Promise<{ changes: Change[]; end: string | null }> {
  const changes: Change[] = [];
  let end = after;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await pageOf(world.erp, end, first);
    expect(page.nodes.length).toBeLessThanOrEqual(first);
    expect(page.pageInfo.endCursor).not.toBeNull();
    changes.push(...page.nodes);
    end = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage && page.nodes.length === 0) return { changes, end };
  }
  throw new Error('The changes have no end.');
}

/** The versions of each order's changes, in the order in which they came. */
const versionsByOrder = (changes: readonly Change[]) =>
  new Map(
    [...Map.groupBy(changes, ({ order }) => order.id)].map(([id, some]) => [
      id,
      some.map(({ version }) => version),
    ]),
  );

async function ship(count: number): Promise<string[]> {
  const clients = [world.buyer, world.rival];
  const ids = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      accepted(clients[index % 2] ?? world.buyer, { lines: [{ sku: 'MUG', quantity: 1 }] }),
    ),
  );
  for (const id of ids) await settled(world.erp, id);
  return ids;
}

describe('the ERP’s changes', () => {
  it('hold every change of every order once, each order’s own in the order of versions, whatever the page', async () => {
    const ids = await ship(12);
    for (const first of [100, 7]) {
      const { changes } = await changesBehind(null, first);
      const versions = versionsByOrder(changes);
      for (const id of ids) expect(versions.get(id)).toEqual([1, 2, 3, 4]);
      for (const [id, seen] of versions) {
        expect([id, seen]).toEqual([id, seen.map((_, index) => index + 1)]);
      }
      // A type tells what a version was; an order that was refused has only two.
      expect(new Set(changes.filter(({ version }) => version === 1).map(({ type }) => type))).toEqual(
        new Set(['OrderPlaced']),
      );
    }
  });

  it('go on behind the last cursor with what came since, and nothing else', async () => {
    const { end } = await changesBehind(null, 100);
    const [id = ''] = await ship(1);
    const { changes } = await changesBehind(end, 2);
    expect(versionsByOrder(changes)).toEqual(new Map([[id, [1, 2, 3, 4]]]));
  });

  it('go on behind any change of a page', async () => {
    const { edges } = await pageOf(world.erp, null, 10);
    const { changes } = await changesBehind(null, 100);
    const { cursor = null } = edges[4] ?? {};
    const behind = await changesBehind(cursor, 100);
    expect(behind.changes.map(({ order, version }) => [order.id, version])).toEqual(
      changes.slice(5).map(({ order, version }) => [order.id, version]),
    );
  });

  it('come gapless to a reader that pages while orders are placed', async () => {
    let { end } = await changesBehind(null, 100);
    const seen: Change[] = [];
    const shipping = ship(16);
    const done = eventually(
      async () => {
        const page = await pageOf(world.erp, end, 5);
        seen.push(...page.nodes);
        end = page.pageInfo.endCursor;
        return seen.filter(({ type }) => type === 'OrderShipped').length;
      },
      (shipped) => shipped === 16,
    );
    const ids = await shipping;
    await done;
    const versions = versionsByOrder(seen);
    expect([...versions.keys()].sort()).toEqual([...ids].sort());
    expect([...versions.values()]).toEqual(ids.map(() => [1, 2, 3, 4]));
  });
});
