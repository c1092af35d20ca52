import { eventually } from '../client/eventually.ts';
import type { World } from './callers.ts';

/** The steps of an order on its way lie closer together than this, the confirmation of its warehouse too. */
const QUIET_MS = 1_000;
const WITHIN_MS = 60_000;

/**
 * Waits until the orders of earlier files are at rest: their facts would be seen as those of this file, and move what its
 * partner owes and what there is of a product. What never rests is left to the tests to find.
 */
export async function othersAtRest(world: World): Promise<void> {
  const moving = '{ orders(first: 1, filter: { statuses: [PLACED, CONFIRMED, RELEASED] }) { nodes { id } } }';
  const cursor = async () =>
    (await world.erp.data<{ orderFeedCursor: string }>('{ orderFeedCursor }')).orderFeedCursor;
  let before = '';
  await eventually(
    async () => {
      const { orders } = await world.buyer.data<{ orders: { nodes: unknown[] } }>(moving);
      const [earlier, now] = [before, await cursor()];
      before = now;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      return orders.nodes.length === 0 && earlier === now;
    },
    (isQuiet) => isQuiet,
    WITHIN_MS,
  );
}
