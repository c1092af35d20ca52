import type { KeyVerdict, Metadata, Sql } from '@crossdock/event-store';
import type { Refusal } from '@crossdock/values';

/** Keys of the ERP are one scope, whichever of its clients sends them. */
export const ERP_SCOPE = 'system:erp';
/** Rows of one bulk mutation at most. */
export const ROWS_MAX = 1_000;

/** What every handler needs: the database, a word to the relay, and who asks. */
export type HandlerDependencies = Readonly<{ sql: Sql; poke: () => void }>;
export type Request<Input> = Readonly<{ input: Input; metadata: Metadata }>;

/** `verdict` tells what stood under the client's key; with KEY_REUSED and IN_FLIGHT nothing was done. */
export type Answered = Readonly<{ verdict: KeyVerdict; refusals: readonly Refusal[] }>;
