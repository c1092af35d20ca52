// What payments relies on in a provider: the real one and the fake of our tests are held to it alike.
import { newId } from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeProvider } from '../../test/fake-provider.ts';
import { PROVIDER_KEY, type SimulatorProcess, startSimulator } from '../../test/simulator-process.ts';
import type { PaymentProvider, ProviderAnswer } from '../ports.ts';
import { createSimulatorProvider } from './simulator.ts';

let simulator: SimulatorProcess;
let real: ReturnType<typeof createSimulatorProvider>;
const fake = createFakeProvider();

beforeAll(async () => {
  simulator = await startSimulator();
  const logger = createLogger('payments-test', 'silent');
  const registry = createRegistry('payments-test');
  real = createSimulatorProvider({
    name: 'simulator',
    url: simulator.url,
    key: PROVIDER_KEY,
    logger,
    registry,
  });
});

afterAll(async () => {
  await real.close();
  await simulator.stop();
});

function done<Value>(answer: ProviderAnswer<Value>): Value {
  if (answer.kind !== 'done') throw new Error(`The provider answered ${answer.kind}: ${answer.reason}`);
  return answer.value;
}

const request = (orderId: string, cardToken = 'tok_visa') => ({
  amountMinor: 10_000,
  currencyCode: 'GBP',
  cardToken,
  reference: { orderId, purpose: 'order', epoch: 1, instance: '1' },
});
const part = (orderId: string, instance: string, amountMinor: number, final = false) => ({
  amountMinor,
  final,
  reference: { orderId, purpose: 'shipment', epoch: 1, instance },
});

async function authorised(provider: PaymentProvider, orderId: string): Promise<string> {
  const { id } = done(await provider.create(request(orderId), `${orderId}:create`));
  expect(done(await provider.confirm(id, `${orderId}:confirm`)).status).toBe('AUTHORISED');
  return id;
}

describe.each<[string, () => PaymentProvider]>([
  ['the fake of our tests', () => fake],
  ['the simulator over HTTP', () => real],
])('a payment provider: %s', (_name, open) => {
  it('creates without asking the card, and once for each key', async () => {
    const orderId = newId();
    const first = done(await open().create(request(orderId), orderId));
    expect(first).toMatchObject({
      status: 'REQUIRES_CONFIRMATION',
      captures: [],
      declineReason: null,
    });
    expect(done(await open().create(request(orderId), orderId)).id).toBe(first.id);
  });

  it('refuses what is no card token', async () => {
    expect(await open().create(request(newId(), 'card'), newId())).toMatchObject({ kind: 'refused' });
  });

  it('confirms once, and shows what it decided', async () => {
    const orderId = newId();
    const id = await authorised(open(), orderId);
    expect(done(await open().confirm(id, `${orderId}:confirm`)).status).toBe('AUTHORISED');
    expect((await open().confirm(id, `${orderId}:again`)).kind).toBe('unknown');
    expect(done(await open().read(id)).status).toBe('AUTHORISED');
  });

  it('declines with a reason', async () => {
    const orderId = newId();
    const { id } = done(await open().create(request(orderId, 'tok_declined'), orderId));
    const declined = { status: 'DECLINED', declineReason: 'card_declined' };
    expect(done(await open().confirm(id, `${orderId}:confirm`))).toMatchObject(declined);
    expect(done(await open().read(id))).toMatchObject(declined);
  });

  it('captures parts, each once, and shows them by our instance', async () => {
    const orderId = newId();
    const id = await authorised(open(), orderId);
    for (const _twice of [1, 2]) done(await open().capture(id, part(orderId, 's1', 4_000), `${orderId}:s1`));
    expect(done(await open().read(id))).toMatchObject({
      status: 'AUTHORISED',
      captures: [{ instance: 's1' }],
    });
    expect(await open().capture(id, part(orderId, 's2', 6_001), `${orderId}:s2`)).toMatchObject({
      kind: 'refused',
    });
    done(await open().capture(id, part(orderId, 's3', 6_000, true), `${orderId}:s3`));
    expect(done(await open().read(id))).toMatchObject({
      status: 'CAPTURED',
      captures: [{ instance: 's1' }, { instance: 's3' }],
    });
  });

  it('releases what is not captured', async () => {
    const [whole, rest] = [newId(), newId()];
    const first = await authorised(open(), whole);
    for (const _twice of [1, 2]) expect(done(await open().release(first, whole)).status).toBe('VOIDED');
    const second = await authorised(open(), rest);
    done(await open().capture(second, part(rest, 's1', 4_000), `${rest}:s1`));
    expect(done(await open().release(second, rest)).status).toBe('CAPTURED');
    expect((await open().capture(second, part(rest, 's2', 1), `${rest}:s2`)).kind).toBe('unknown');
  });

  it('knows only what it made', async () => {
    expect(await open().read('auth_of_nobody')).toMatchObject({ kind: 'refused' });
    expect(await open().confirm('auth_of_nobody', newId())).toMatchObject({ kind: 'refused' });
  });
});
