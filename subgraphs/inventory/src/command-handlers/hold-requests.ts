// What the requests about holds have in common: each is decided on fresh rows and written in one call under the client's key.
import {
  awaitTwin,
  faultKind,
  type KeyVerdict,
  type Metadata,
  type NewEvent,
  newId,
  type Sql,
} from '@crossdock/event-store';
import { isUuid, type Refusal, refusal } from '@crossdock/values';
import type { StoredHold } from '../domain/batch.ts';
import { type HoldCommand, type HoldRefusal, holdDecider, LIVE_HOLDS_MAX } from '../domain/hold/decide.ts';
import { createShelves } from '../domain/shelves.ts';
import { holdFact } from '../publishers/hold-facts.ts';
import { loadHolds, type ReadHold } from '../store/figures.ts';
import { type RequestKey, standingUnder } from '../store/request-keys.ts';
import { NOTHING, type StockWrite, writeStock } from '../store/stock-write.ts';
import { lineField } from './hold-input.ts';

/** Rounds of deciding again when somebody else moved the hold or its SKUs in between. */
const ROUNDS_MAX = 5;

/** `holdId` is null where nothing was done. */
export type HoldAnswer = Readonly<{
  verdict: KeyVerdict;
  holdId: string | null;
  refusals: readonly Refusal[];
}>;

export const refusedHold = (...refusals: readonly Refusal[]): HoldAnswer => ({
  verdict: 'NEW',
  holdId: null,
  refusals,
});

/** A request about a hold that stands, of a caller who may see the partners of some. */
export type StandingHoldRequest<Input> = Readonly<{
  input: Input;
  seesPartner: (partnerId: string) => boolean;
  metadata: Metadata;
}>;

/** The hold that a request names; null where there is none, or it is no business of the caller's. */
export async function findHold(
  sql: Sql,
  holdId: string,
  seesPartner: (partnerId: string) => boolean,
): Promise<ReadHold | null> {
  const id = holdId.toLowerCase();
  const found = isUuid(id) ? (await loadHolds(sql, [id])).get(id) : undefined;
  return found !== undefined && seesPartner(found.partnerId) ? found : null;
}

export const unknownHold = refusal('UNKNOWN_HOLD', { field: ['holdId'] });

type Decided = Readonly<{ write: StockWrite }> | Readonly<{ refusals: readonly Refusal[] }>;

/** A hold, what is asked of it, and by whom. */
export type HoldAsk = Readonly<{
  hold: StoredHold;
  command: HoldCommand;
  metadata: Metadata;
  keyed: RequestKey;
}>;

/** Decides what is asked of a hold: its row, movements and events, or why not. */
export function decideHold({ hold, command, metadata, keyed }: HoldAsk): Decided {
  const decision = holdDecider.decide(command, hold.state);
  if (!decision.accepted) return { refusals: refusalsOf(decision.rejection) };
  const shelves = createShelves({ totals: [], stock: [], isOpen: () => false });
  const events: NewEvent[] = [];
  let { state, version } = hold;
  for (const event of decision.events) {
    state = holdDecider.evolve(state, event);
    version += 1;
    const { holdId: streamId, partition } = hold;
    const of = { partition, category: 'hold', streamId, version, id: newId() };
    shelves.bookHold(event, streamId, of.id);
    events.push({ ...of, ...holdFact(event, hold), metadata: { ...metadata, request: keyed } });
  }
  const holds = events.length === 0 ? [] : [{ ...hold, state, version }];
  return { write: { ...NOTHING, holds, moves: shelves.moves(), events } };
}

function refusalsOf(rejection: HoldRefusal): Refusal[] {
  switch (rejection.type) {
    case 'HoldShort':
      return rejection.data.short.map(({ index, sku, requested, available }) => {
        const message = `${requested} units of ${sku} were asked for, and ${available} are available.`;
        return refusal('INSUFFICIENT_STOCK', { message, field: lineField(index, 'quantity') });
      });
    case 'TooManyHolds': {
      const message = `A partner has at most ${LIVE_HOLDS_MAX} live holds; release one, or order what is held.`;
      return [refusal('INVALID_INPUT', { message })];
    }
    case 'HoldOver':
      return [refusal('HOLD_ENDED', { field: ['holdId'] })];
  }
}

/** Asks until nobody came in between and no twin of the request is running. `ask` reads afresh each time. */
export async function requestHold(
  sql: Sql,
  { keyed, holdId }: Readonly<{ keyed: RequestKey; holdId: string }>,
  ask: () => Promise<Decided>,
): Promise<HoldAnswer> {
  return awaitTwin(
    async () => {
      for (let round = 1; ; round += 1) {
        const decided = await ask();
        if ('refusals' in decided) return refusedOrReplayed(sql, keyed, decided.refusals);
        try {
          const gate = { kind: 'request', ...keyed, result: holdId } as const;
          const { verdict, result } = await writeStock(sql, gate, decided.write);
          return { verdict, holdId: result, refusals: [] };
        } catch (error) {
          if (faultKind(error) !== 'guard-lost' || round === ROUNDS_MAX) throw error;
        }
      }
    },
    ({ verdict }) => verdict === 'IN_FLIGHT',
  );
}

/** A request that is refused now may be the replay of one that was granted when the stock was other. */
async function refusedOrReplayed(
  sql: Sql,
  keyed: RequestKey,
  refusals: readonly Refusal[],
): Promise<HoldAnswer> {
  const { verdict, result } = await standingUnder(sql, keyed);
  return verdict === 'NEW' ? refusedHold(...refusals) : { verdict, holdId: result, refusals: [] };
}
