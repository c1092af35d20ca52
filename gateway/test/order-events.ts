// Facts of orders as the log holds them, and a relay that publishes them.
import { randomUUID } from 'node:crypto';
import { EVENT_STREAM, type OrderFact, type SliceMessage, type TravellingEvent } from '@crossdock/contracts';
import { connect } from 'nats';

export const PARTNER = '12345';
export const OTHER_PARTNER = '99999';

export function orderEvent(
  type: OrderFact,
  order: { readonly id: string; readonly version: number; readonly partner?: string },
): TravellingEvent {
  const { id, version, partner = PARTNER } = order;
  return {
    id: randomUUID(),
    category: 'order',
    stream: id,
    version,
    type,
    schemaVersion: 1,
    data: { orderId: id, partnerId: partner, number: `SO-${id}` },
    metadata: {},
    at: '2026-03-01T09:30:00.000Z',
  };
}

export type StubRelay = Awaited<ReturnType<typeof startStubRelay>>;

export async function startStubRelay(natsUrl: string) {
  const connection = await connect({ servers: natsUrl });
  const manager = await connection.jetstreamManager();
  const createStream = () => manager.streams.add({ name: EVENT_STREAM, subjects: ['evt.*'] });
  await createStream();
  return {
    publish: async (message: SliceMessage) => {
      await connection.jetstream().publish('evt.orders', JSON.stringify(message));
    },
    purge: () => manager.streams.purge(EVENT_STREAM),
    deleteStream: () => manager.streams.delete(EVENT_STREAM),
    createStream,
    stop: () => connection.close(),
  };
}
