// What is answered when the way to a provider fails, and that whoever reads before a second try never charges twice: the
// provider's own journal is the witness.
import { newId } from '@crossdock/event-store';
import { freePort } from '@crossdock/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorised, back, captured, done, orderRequest, part, REAL } from '../../test/provider-subjects.ts';
import { type SimulatorProcess, startSimulator } from '../../test/simulator-process.ts';
import type { PaymentProvider, ProviderAnswer, ProviderAuthorisation } from '../ports.ts';

/** Longer than the slowest operation's time-out. */
const PATIENCE_MS = 30_000;

/** One operation that moves money: what it does, and whether a read shows that it was done. */
type Move = Readonly<{
  orderId: string;
  line: string;
  try: () => Promise<ProviderAnswer<unknown>>;
  isDone: () => Promise<boolean>;
}>;

describe.each(REAL)('faults on the way to %s', (_name, subject) => {
  let simulator: SimulatorProcess;
  let provider: PaymentProvider;

  beforeAll(async () => {
    simulator = await startSimulator();
    provider = subject.open(simulator.url);
  });

  afterAll(async () => {
    await provider.close();
    await simulator.stop();
  });

  const read = async (id: string): Promise<ProviderAuthorisation> => done(await provider.read(id));

  async function confirmation(): Promise<Move> {
    const orderId = newId();
    const { id } = done(await provider.create(orderRequest(orderId, subject.card), orderId));
    return {
      ...{ orderId, line: 'authorised' },
      try: () => provider.confirm(id, `${orderId}:confirm`),
      isDone: async () => (await read(id)).status === 'AUTHORISED',
    };
  }

  async function capture(): Promise<Move> {
    const orderId = newId();
    const id = await authorised(provider, subject, orderId);
    return {
      ...{ orderId, line: 'captured' },
      try: () => provider.capture(id, part(orderId, 's1', 4_000), `${orderId}:s1`),
      isDone: async () => (await read(id)).captures.some(({ instance }) => instance === 's1'),
    };
  }

  async function release(): Promise<Move> {
    const orderId = newId();
    const id = await authorised(provider, subject, orderId);
    return {
      ...{ orderId, line: 'voided' },
      try: () => provider.release(id, `${orderId}:void`),
      isDone: async () => (await read(id)).status === 'VOIDED',
    };
  }

  async function refund(): Promise<Move> {
    const orderId = newId();
    const id = await authorised(provider, subject, orderId);
    const from = await captured(provider, id, part(orderId, 's1', 4_000));
    return {
      ...{ orderId, line: 'refunded' },
      try: () => provider.refund(from, back(orderId, 'r1', 1_000), `${orderId}:r1`),
      isDone: async () =>
        (await read(id)).captures.some(({ refunds }) => refunds.some(({ instance }) => instance === 'r1')),
    };
  }

  const everyMove = () => Promise.all([confirmation(), capture(), release(), refund()]);

  async function timesDone({ orderId, line }: Move): Promise<number> {
    return (await simulator.journalOf(orderId)).filter(({ kind }) => kind === line).length;
  }

  /** As a call is taken up again: read, and asked again only where nothing is shown. */
  async function takeUp(move: Move): Promise<void> {
    if (!(await move.isDone())) expect((await move.try()).kind).toBe('done');
    expect(await move.isDone()).toBe(true);
    expect(await timesDone(move)).toBe(1);
  }

  it.each([
    ['error-500', { kind: 'unknown', reason: 'HTTP 500' }],
    ['error-429', { kind: 'turned-away', reason: 'HTTP 429' }],
    ['reset', { kind: 'unknown' }],
  ])('does nothing at %s, says what may have happened, and does it once in the end', async (mode, answer) => {
    const moves = await everyMove();
    await simulator.setMode({ mode });
    for (const move of moves) expect(await move.try()).toMatchObject(answer);
    await simulator.setMode({ mode: 'none' });
    for (const move of moves) {
      expect(await timesDone(move)).toBe(0);
      await takeUp(move);
    }
  });

  it.each([
    ['hang', 0],
    ['charge-then-timeout', 1],
  ])(
    'does not know what %s did until it reads, and does it once in the end',
    async (mode, times) => {
      const moves = await everyMove();
      await simulator.setMode({ mode });
      const answers = await Promise.all(moves.map((move) => move.try()));
      await simulator.setMode({ mode: 'none' });
      expect(answers.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
      for (const move of moves) {
        expect(await timesDone(move)).toBe(times);
        expect(await move.isDone()).toBe(times === 1);
        await takeUp(move);
      }
    },
    PATIENCE_MS,
  );

  it('does not do again under a forgotten key what a read shows', async () => {
    const moves = await everyMove();
    for (const move of moves) expect((await move.try()).kind).toBe('done');
    await simulator.setMode({ mode: 'forget-keys' });
    for (const move of moves) await takeUp(move);
    await simulator.setMode({ mode: 'none' });
  });

  it('does not pass off a capture that happened twice as one', async () => {
    const orderId = newId();
    const id = await authorised(provider, subject, orderId);
    await simulator.setMode({ mode: 'forget-keys' });
    for (const _twice of [1, 2])
      done(await provider.capture(id, part(orderId, 's1', 4_000), `${orderId}:s1`));
    await simulator.setMode({ mode: 'none' });
    const answer = await provider.read(id);
    if (answer.kind === 'done') expect(answer.value.captures.length).toBe(2);
    else expect(answer).toEqual({ kind: 'unknown', reason: 'captures_disagree' });
  });

  it('asks once, and leaves every second try to who reads first', async () => {
    const moves = await everyMove();
    const asked = async () =>
      /faults_injected_total\{mode="reset"\} (\d+)/.exec(await simulator.metrics())?.[1];
    const before = Number((await asked()) ?? 0);
    await simulator.setMode({ mode: 'reset' });
    for (const move of moves) await move.try();
    await simulator.setMode({ mode: 'none' });
    expect(Number(await asked()) - before).toBe(moves.length);
  });

  it('creates again blind, and only once', async () => {
    const orderId = newId();
    await simulator.setMode({ mode: 'error-500', probability: 0.5, seed: 7 });
    expect((await provider.create(orderRequest(orderId, subject.card), orderId)).kind).toBe('done');
    await simulator.setMode({ mode: 'none' });
    expect((await simulator.journalOf(orderId)).map(({ kind }) => kind)).toEqual(['created']);
  });

  it('tells a connection that never was, and a key that is not ours', async () => {
    const nobody = subject.open(`http://127.0.0.1:${await freePort()}`);
    expect(await nobody.confirm('auth_1', newId())).toEqual({ kind: 'not-sent', reason: 'ECONNREFUSED' });
    const stranger = subject.open(simulator.url, 'another key');
    expect(await stranger.confirm('auth_1', newId())).toEqual({
      kind: 'turned-away',
      reason: 'the provider takes no requests at the moment',
    });
    await Promise.all([nobody.close(), stranger.close()]);
  });

  it('stops asking when faults go on, one operation alone', async () => {
    const shaky = subject.open(simulator.url);
    await simulator.setMode({ mode: 'error-500' });
    for (let call = 0; call < 5; call += 1) await shaky.capture('auth_1', part(newId(), 's1', 1), newId());
    expect(await shaky.capture('auth_1', part(newId(), 's1', 1), newId())).toEqual({
      kind: 'not-sent',
      reason: 'breaker open',
    });
    await simulator.setMode({ mode: 'none' });
    expect((await shaky.create(orderRequest(newId(), subject.card), newId())).kind).toBe('done');
    await shaky.close();
  });

  it('knows another request under a key, and does not execute it', async () => {
    const orderId = newId();
    const id = await authorised(provider, subject, orderId);
    const key = `${orderId}:s1`;
    done(await provider.capture(id, part(orderId, 's1', 4_000), key));
    expect((await provider.capture(id, part(orderId, 's2', 1_000), key)).kind).toBe('unknown');
    expect((await read(id)).captures.map(({ instance }) => instance)).toEqual(['s1']);
  });
});
