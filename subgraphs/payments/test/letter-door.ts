// The real door to the dead letters of held calls: payments as it ships, beside the database of a test that it takes the lease of.
import { newId } from '@crossdock/event-store';
import { ownNats, redisUrl } from '@crossdock/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { expect } from 'vitest';
import type { Cards } from './card-fixture.ts';
import { type PaymentsProcess, startPayments } from './payments-process.ts';
import { PROVIDER_KEY } from './simulator-process.ts';

const OPERATOR = { role: 'operator' };
const SETTLED = 'letters { letter { key status } outcome error } userErrors { code }';
const DISCARD = `mutation ($input: DiscardDeadLettersInput!) { discardPaymentsDeadLetters(input: $input) { ${SETTLED} } }`;
const REPLAY = `mutation ($input: ReplayDeadLettersInput!) { replayPaymentsDeadLetters(input: $input) { ${SETTLED} } }`;

/** Lets `use` ask a process of its own, and takes the lease back after. */
export async function inProcess(
  cards: Cards,
  use: (payments: PaymentsProcess) => Promise<void>,
): Promise<void> {
  await cards.leave();
  const nats = await ownNats();
  const { privateKey } = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
  const payments = await startPayments({
    ...{ databaseUrl: cards.databaseUrl, natsUrl: nats.url, redisUrl: redisUrl() },
    cardTokenPrivateJwk: await exportJWK(privateKey),
    provider: { url: cards.simulator.url, key: PROVIDER_KEY },
  });
  try {
    await use(payments);
  } finally {
    expect(await payments.stop()).toBe(0);
    await nats.stop();
    await cards.takeOver();
    await cards.stopAll();
  }
}

/** What came of discarding the letters of a call. */
export async function discardLetter(payments: PaymentsProcess, key: string): Promise<unknown> {
  const input = { idempotencyKey: newId(), key, reason: 'paid by bank transfer' };
  return (await payments.ask(OPERATOR, DISCARD, { input })).data?.discardPaymentsDeadLetters;
}

/** What came of replaying the letters of a call. */
export async function replayLetter(payments: PaymentsProcess, key: string): Promise<unknown> {
  const input = { idempotencyKey: newId(), key };
  return (await payments.ask(OPERATOR, REPLAY, { input })).data?.replayPaymentsDeadLetters;
}
