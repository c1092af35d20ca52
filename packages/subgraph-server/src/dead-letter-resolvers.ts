// The resolvers every subgraph gives its own names: operators only, translation only.
import { isStorable } from '@crossdock/values';
import type { Caller } from './caller.ts';
import { connection, decodePageCursor, encodePageCursor, pageSize } from './connections.ts';
import type { DeadLetterDesk, DeadLettersAnswer } from './dead-letter-desk.ts';
import type { DeadLettersInput } from './dead-letter-input.ts';
import { type LetterStatusView, storedStatus, viewOfLetter } from './dead-letter-view.ts';
import { badInput, forbidden } from './faults.ts';

type Context = Readonly<{ caller: Caller; deadLetters: DeadLetterDesk }>;

type ListArguments = Readonly<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  status?: LetterStatusView | null | undefined;
  key?: string | null | undefined;
  fingerprint?: string | null | undefined;
}>;

const ORDINAL = /^\d{1,18}$/;

function requireOperator({ caller }: Context): void {
  if (caller.role !== 'operator') throw forbidden();
}

function ordinalBehind(cursor: string | null | undefined): string | null {
  if (cursor == null) return null;
  const ordinal = decodePageCursor(cursor, 1)?.[0];
  if (ordinal === undefined || !ORDINAL.test(ordinal)) throw badInput('after is no cursor of this list.');
  return ordinal;
}

function filterText(text: string | null | undefined): string | null {
  if (text == null) return null;
  if (!isStorable(text)) throw badInput('A text of the filter holds a character that cannot be stored.');
  return text;
}

/** `Query.operations`: an empty holder whose fields each subgraph resolves. */
export function operationsHolder(
  _parent: unknown,
  _arguments: unknown,
  context: Context,
): Record<string, never> {
  requireOperator(context);
  return {};
}

/** `Operations.<subgraph>DeadLetters`. */
export async function listDeadLetters(_parent: unknown, args: ListArguments, context: Context) {
  requireOperator(context);
  const { after } = args;
  const first = pageSize(args.first);
  const filter = {
    status: storedStatus(args.status),
    key: filterText(args.key),
    fingerprint: filterText(args.fingerprint),
  };
  const rows = await context.deadLetters.list(filter, ordinalBehind(after), first + 1);
  const page = connection(rows, first, after, ({ ordinal }) => encodePageCursor(ordinal));
  return {
    pageInfo: page.pageInfo,
    nodes: page.nodes.map(viewOfLetter),
    edges: page.edges.map(({ cursor, node }) => ({ cursor, node: viewOfLetter(node) })),
  };
}

/** `Operations.<subgraph>DeadLetterGroups`. */
export async function groupDeadLetters(_parent: unknown, _arguments: unknown, context: Context) {
  requireOperator(context);
  return context.deadLetters.groups();
}

type Arguments = Readonly<{ input: DeadLettersInput }>;

/** `Mutation.replay<Subgraph>DeadLetters`. */
export async function replayDeadLetters(
  _parent: unknown,
  { input }: Arguments,
  context: Context,
): Promise<DeadLettersAnswer> {
  requireOperator(context);
  return context.deadLetters.replay(input, context.caller.subject);
}

/** `Mutation.discard<Subgraph>DeadLetters`. */
export async function discardDeadLetters(
  _parent: unknown,
  { input }: Arguments,
  context: Context,
): Promise<DeadLettersAnswer> {
  requireOperator(context);
  return context.deadLetters.discard(input, context.caller.subject);
}
