// What payments relies on in a provider: the real ones and the fake of our tests are held to it alike.
import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ALL,
  authorised,
  back,
  captured,
  done,
  orderRequest,
  part,
  REAL,
} from '../../test/provider-subjects.ts';
import { type SimulatorProcess, startSimulator } from '../../test/simulator-process.ts';
import type { PaymentProvider, ProviderAuthorisation, ProviderReport } from '../ports.ts';

/** Milliseconds that an authorisation lasts here: long enough to take something of it on a machine that does other work too. */
const VALID_MS = 8_000;
/** It ends by itself, and the journal tells its end a second later. */
const PATIENCE_MS = 60_000;

let simulator: SimulatorProcess;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(async () => {
  await simulator.stop();
});

async function wholeReport(provider: PaymentProvider): Promise<ProviderAuthorisation[]> {
  const found: ProviderAuthorisation[] = [];
  let after: string | null = null;
  do {
    const page: ProviderReport = done(await provider.report(after));
    found.push(...page.authorisations);
    after = page.next;
  } while (after !== null);
  return found;
}

describe.each(ALL)('a payment provider: %s', (_name, subject) => {
  let provider: PaymentProvider;

  beforeAll(() => {
    provider = subject.open(simulator.url);
  });

  afterAll(() => provider.close());

  it('creates without asking the card, and once for each key', async () => {
    const orderId = newId();
    const request = orderRequest(orderId, subject.card);
    const first = done(await provider.create(request, orderId));
    expect(first).toEqual({
      id: first.id,
      status: 'REQUIRES_CONFIRMATION',
      amountMinor: 10_000,
      currencyCode: 'GBP',
      declineReason: null,
      reference: request.reference,
      expiresAt: null,
      captures: [],
    });
    expect(done(await provider.create(request, orderId)).id).toBe(first.id);
  });

  it('refuses what is no card token', async () => {
    expect(provider.accepts(subject.card)).toBe(true);
    expect(provider.accepts('card')).toBe(false);
    expect(await provider.create(orderRequest(newId(), 'card'), newId())).toMatchObject({ kind: 'refused' });
  });

  it('confirms once, and shows what it decided', async () => {
    const orderId = newId();
    const id = await authorised(provider, subject, orderId);
    expect(done(await provider.confirm(id, `${orderId}:confirm`)).status).toBe('AUTHORISED');
    expect((await provider.confirm(id, `${orderId}:again`)).kind).toBe('unknown');
    expect(done(await provider.read(id)).status).toBe('AUTHORISED');
  });

  it('declines with a reason, and says so again', async () => {
    const orderId = newId();
    const { id } = done(await provider.create(orderRequest(orderId, subject.declines), orderId));
    const declined = { status: 'DECLINED', declineReason: subject.declineReason };
    for (const _twice of [1, 2])
      expect(done(await provider.confirm(id, `${orderId}:confirm`))).toMatchObject(declined);
    expect(done(await provider.read(id))).toMatchObject(declined);
  });

  it('captures parts, each once, and shows them by our instance', async () => {
    const orderId = newId();
    const id = await authorised(provider, subject, orderId);
    for (const _twice of [1, 2])
      done(await provider.capture(id, part(orderId, 's1', 4_000), `${orderId}:s1`));
    expect(done(await provider.read(id))).toMatchObject({
      status: 'AUTHORISED',
      captures: [{ instance: 's1', amountMinor: 4_000, refunds: [] }],
    });
    expect((await provider.capture(id, part(orderId, 's2', 6_001), `${orderId}:s2`)).kind).toBe('refused');
    done(await provider.capture(id, part(orderId, 's3/2', 6_000, true), `${orderId}:s3`));
    const shown = done(await provider.read(id));
    expect(shown).toMatchObject({ status: 'CAPTURED', reference: { orderId, purpose: 'order' } });
    expect(shown.captures.map(({ instance, amountMinor }) => [instance, amountMinor])).toEqual([
      ['s1', 4_000],
      ['s3/2', 6_000],
    ]);
  });

  it('releases what is not captured', async () => {
    const [whole, rest] = [newId(), newId()];
    const first = await authorised(provider, subject, whole);
    for (const _twice of [1, 2]) expect(done(await provider.release(first, whole)).status).toBe('VOIDED');
    const second = await authorised(provider, subject, rest);
    done(await provider.capture(second, part(rest, 's1', 4_000), `${rest}:s1`));
    expect(done(await provider.release(second, rest)).status).toBe('CAPTURED');
    expect((await provider.capture(second, part(rest, 's2', 1), `${rest}:s2`)).kind).toBe('unknown');
  });

  it('releases what was never confirmed, and then a late confirmation holds nothing', async () => {
    const orderId = newId();
    const { id } = done(await provider.create(orderRequest(orderId, subject.card), orderId));
    for (const _twice of [1, 2])
      expect(done(await provider.release(id, `${orderId}:cancel`)).status).toBe('VOIDED');
    expect((await provider.confirm(id, `${orderId}:confirm`)).kind).toBe('unknown');
    expect(done(await provider.read(id))).toMatchObject({ status: 'VOIDED', captures: [] });
  });

  it('gives back parts of a capture, each once, and shows them with it', async () => {
    const orderId = newId();
    const id = await authorised(provider, subject, orderId);
    await captured(provider, id, part(orderId, 's1', 4_000));
    const from = await captured(provider, id, part(orderId, 's2', 6_000, true));
    for (const _twice of [1, 2])
      done(await provider.refund(from, back(orderId, 'r1', 1_500), `${orderId}:r1`));
    done(await provider.refund(from, back(orderId, 'r2', 4_500), `${orderId}:r2`));
    expect((await provider.refund(from, back(orderId, 'r3', 4_001), `${orderId}:r3`)).kind).toBe('refused');
    const { captures } = done(await provider.read(id));
    const given = captures.map(({ instance, refunds }) => [
      instance,
      refunds.map((each) => `${each.instance} ${each.amountMinor}`).sort(),
    ]);
    expect(given).toEqual([
      ['s1', []],
      ['s2', ['r1 1500', 'r2 4500']],
    ]);
  });

  it('knows only what it made', async () => {
    expect((await provider.read('auth_of_nobody')).kind).toBe('refused');
    expect((await provider.confirm('auth_of_nobody', newId())).kind).toBe('refused');
    expect((await provider.refund('cap_of_nobody', back(newId(), 'r1', 1), newId())).kind).toBe('refused');
  });
});

describe.each(ALL)('a whole life at a payment provider: %s', (_name, subject) => {
  let provider: PaymentProvider;

  beforeAll(() => {
    provider = subject.open(simulator.url);
  });

  afterAll(() => provider.close());

  it('renews on the card of an earlier authorisation, unconfirmed and once for each key', async () => {
    const orderId = newId();
    const renews = await authorised(provider, subject, orderId);
    const reference = { orderId, purpose: 'order', epoch: 2, instance: '2' };
    const request = { amountMinor: 2_500, currencyCode: 'GBP', renews, reference };
    const renewed = done(await provider.renew(request, `${orderId}:renew`));
    expect(renewed).toMatchObject({ status: 'REQUIRES_CONFIRMATION', amountMinor: 2_500, reference });
    expect(renewed.id).not.toBe(renews);
    expect(done(await provider.renew(request, `${orderId}:renew`)).id).toBe(renewed.id);
    expect(done(await provider.confirm(renewed.id, `${orderId}:confirm:2`)).status).toBe('AUTHORISED');
    expect(done(await provider.read(renews)).status).toBe('AUTHORISED');
    const none = { ...request, renews: 'auth_of_nobody' };
    expect((await provider.renew(none, newId())).kind).toBe('refused');
  });

  it('reports every authorisation once, as a read shows it, page by page', async () => {
    const orderIds = Array.from({ length: 30 }, () => newId());
    const made = new Set<string>();
    for (const orderId of orderIds)
      made.add(done(await provider.create(orderRequest(orderId, subject.card), orderId)).id);
    const orderId = newId();
    const id = await authorised(provider, subject, orderId);
    const from = await captured(provider, id, part(orderId, 's1', 4_000));
    done(await provider.refund(from, back(orderId, 'r1', 1_000), `${orderId}:r1`));
    const found = await wholeReport(provider);
    expect(found.filter((each) => made.has(each.id)).length).toBe(made.size);
    expect(new Set(found.map((each) => each.id)).size).toBe(found.length);
    expect(found.find((each) => each.id === id)).toEqual(done(await provider.read(id)));
  });
});

describe.each(REAL)('an authorisation that ends by itself: %s', (_name, subject) => {
  it(
    'says when, keeps what was taken, and gives no more',
    async () => {
      const short = await startSimulator({ AUTHORISATION_VALID_MS: String(VALID_MS) });
      const provider = subject.open(short.url);
      const orderId = newId();
      const before = Date.now();
      const id = await authorised(provider, subject, orderId);
      const { expiresAt } = done(await provider.read(id));
      // Stripe counts in whole seconds.
      expect(Date.parse(expiresAt ?? '')).toBeGreaterThanOrEqual(before + VALID_MS - 1_000);
      await captured(provider, id, part(orderId, 's1', 4_000));
      await expect
        .poll(async () => done(await provider.read(id)).status, { timeout: 30_000 })
        .toBe('EXPIRED');
      expect(done(await provider.read(id)).captures).toMatchObject([{ instance: 's1', amountMinor: 4_000 }]);
      expect((await provider.capture(id, part(orderId, 's2', 1), newId())).kind).toBe('unknown');
      await provider.close();
      await short.stop();
    },
    PATIENCE_MS,
  );
});
