import { readSlices } from '@crossdock/contracts';
import { afterAll, expect, it } from 'vitest';
import { openLogStandIn } from './log-stand-in.ts';
import { placedOrder } from './placed-orders.ts';

const log = await openLogStandIn('orders');
afterAll(() => log.close());

const ask = async (question: string, body: object) => {
  const reply = await fetch(`${log.url}/internal/log/${question}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return reply.text();
};

it('publishes and serves the same slices, each behind the event before it', async () => {
  const [first, second] = [1, 2].map((index) => placedOrder(index, 'P-1', [{ sku: 'A', quantity: 1 }]));
  if (first === undefined || second === undefined) throw new Error('Two orders were made');
  const { partition } = first;
  log.append([first]);
  const message = log.append([second]);
  const published = readSlices(message, 'orders');
  expect(published.map(({ partition: of, after }) => ({ of, after }))).toEqual([
    { of: partition, after: { position: 1, eventId: first.eventId } },
  ]);
  const read = readSlices(await ask('read', { after: [{ partition, position: 1 }], limit: 10 }), 'orders');
  expect(read).toEqual(published);
  const { heads } = JSON.parse(await ask('heads', { positions: [] }));
  expect(heads[partition]).toEqual({ partition, position: 2, eventId: second.eventId, agrees: true });
});
