import { subjectOf } from '@crossdock/contracts';
import { type OwnServer, ownNats } from '@crossdock/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Bus, openBus } from '../bus.ts';
import { lastPublished, readPublished } from './published-log.ts';

let nats: OwnServer;
let bus: Bus;

beforeAll(async () => {
  nats = await ownNats();
  bus = await openBus(nats.url, 'published-log-test');
});

afterAll(async () => {
  await bus.close();
  await nats.stop();
});

const message = (from: number) =>
  `{"source":"orders","slices":[{"partition":0,"after":{"position":${from},"eventId":null},"events":[]}]}`;

// Polled for: the server has a second to answer each question, which a busy machine may let pass.
async function positions(): Promise<number[]> {
  const found: number[] = [];
  await readPublished(nats.url, 'orders', async (slice) => void found.push(slice.after.position));
  return found;
}

describe('what JetStream has of a log', () => {
  it('is nothing where there is no stream yet', async () => {
    await expect.poll(() => lastPublished(nats.url, 'orders')).toEqual([]);
    await expect.poll(positions).toEqual([]);
  });

  it('is every message of the log, in order, however many, and no other log', async () => {
    const all = Array.from({ length: 120 }, (_, index) => index);
    await vi.waitFor(() => bus.publish(subjectOf('orders'), message(0), 'm0'), { timeout: 10_000 });
    for (const each of all.slice(1)) await bus.publish(subjectOf('orders'), message(each), `m${each}`);
    await bus.publish(subjectOf('payments'), message(7), 'other');
    await expect.poll(positions).toEqual(all);
    const last = async () => (await lastPublished(nats.url, 'orders')).map(({ after }) => after.position);
    await expect.poll(last).toEqual([119]);
  });

  it('cannot be told when the server is away', async () => {
    await expect(lastPublished('nats://127.0.0.1:9', 'orders')).rejects.toThrow();
  });
});
