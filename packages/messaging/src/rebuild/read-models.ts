import type { Source } from '@crossdock/contracts';
import type { ComparedReadModel, TableRow } from '@crossdock/event-store';
import type { ArrivedEvent, Consumer } from '../consumer.ts';

/** A table that is nothing but what a consumer folded of others' logs: it can be folded anew and put in the old one's place. */
export type FoldedReadModel = Readonly<{
  kind: 'folded';
  /** `<subgraph>.<what it shows>`. */
  name: string;
  /** One line for people. */
  about: string;
  table: string;
  /** Whose offsets tell how far the table has come. */
  consumer: string;
  sources: readonly Source[];
  wants: Consumer['wants'];
  /** The rows that events amount to; a later row of one key replaces an earlier one. The live consumer folds by the same code. */
  fold: (events: readonly ArrivedEvent[]) => readonly TableRow[];
}>;

export type ReadModel = FoldedReadModel | ComparedReadModel;
