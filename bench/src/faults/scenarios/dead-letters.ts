// Dead letters of payments as an operator sees and mends them: through the public API alone.
import { gatewayClient } from '@crossdock/tools/seed';
import type { FaultRun } from '../fault-run.ts';

/** More groups and letters than a run makes. */
const LETTERS_LISTED = 100;

const LIST = `query Letters($first: Int!) { operations {
  paymentsDeadLetters(first: $first) { nodes { id key type schemaVersion fingerprint error } }
  paymentsDeadLetterGroups { fingerprint type count }
} }`;
const REPLAY = `mutation Replay($input: ReplayDeadLettersInput!) { replayPaymentsDeadLetters(input: $input) {
  letters { letter { id } outcome error } remaining userErrors { code message } } }`;
const DISCARD = `mutation Discard($input: DiscardDeadLettersInput!) { discardPaymentsDeadLetters(input: $input) {
  letters { letter { id } outcome error } remaining userErrors { code message } } }`;

export interface Letter {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly fingerprint: string;
  readonly error: string;
}

interface Listed {
  readonly operations: {
    readonly paymentsDeadLetters: { readonly nodes: readonly Letter[] };
    readonly paymentsDeadLetterGroups: readonly { readonly fingerprint: string; readonly type: string }[];
  };
}

interface Payload {
  readonly letters: readonly { readonly outcome: string; readonly error: string | null }[];
  readonly remaining: number;
}

/** The letters that are parked now. */
export async function parkedLetters(run: FaultRun): Promise<readonly Letter[]> {
  const listed = await clientOf(run).send<Listed>(LIST, { first: LETTERS_LISTED });
  return listed.operations.paymentsDeadLetters.nodes;
}

/** Tries a group again and answers the outcomes; a dry run keeps nothing. */
export async function replayGroup(
  run: FaultRun,
  fingerprint: string,
  dryRun: boolean,
  key: string,
): Promise<Payload> {
  const input = { idempotencyKey: key, fingerprint, dryRun, reason: 'the fault was mended' };
  const data = await clientOf(run).send<{ replayPaymentsDeadLetters: Payload }>(REPLAY, { input });
  return data.replayPaymentsDeadLetters;
}

/** Gives letters up, with the reason. */
export async function discardLetters(run: FaultRun, ids: readonly string[], key: string): Promise<Payload> {
  const input = { idempotencyKey: key, ids, reason: 'no code will ever read this version' };
  const data = await clientOf(run).send<{ discardPaymentsDeadLetters: Payload }>(DISCARD, { input });
  return data.discardPaymentsDeadLetters;
}

const clientOf = (run: FaultRun) => gatewayClient(run.cluster.gatewayUrl, run.operatorToken);
