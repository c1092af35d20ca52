import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Journal } from '../journal/journal.ts';
import type { Counters } from '../server/counters.ts';
import { type BatchOutcome, batchKey, consignmentOf, type RowVerdict } from './confirmation.ts';
import type { ConfirmBatch } from './crossdock-client.ts';
import type { WmsEntry } from './journal-lines.ts';
import type { Pick } from './pick.ts';
import type { ConfirmationBatch, PickBook } from './pick-book.ts';
import type { WarehouseTokens } from './warehouse-tokens.ts';

/** What one call may carry: the limit of Crossdock's contract. */
export const BATCH_ROWS = 100;
/** The second call starts only for a full batch; smaller ones gather while the first is out. */
const CALLS_PER_WAREHOUSE = 2;
/** A batch that is not full gathers so long first: a call costs Crossdock far more than a row. */
const GATHER_MS = 50;
/** Pauses between tries of one batch or one refused row: doubling, with full jitter. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

interface Lane {
  readonly waiting: Pick[];
  calls: number;
  gathering: NodeJS.Timeout | undefined;
}

export interface ConfirmerParts {
  readonly book: PickBook;
  readonly journal: Journal<WmsEntry>;
  readonly confirm: ConfirmBatch;
  readonly tokens: WarehouseTokens;
  readonly log: FastifyBaseLogger;
  readonly counters: Counters;
}

/**
 * Asks Crossdock whether goods may leave, warehouse by warehouse. A batch is in the journal under its key before it is
 * sent, and is sent again with pauses until it is answered: a warehouse cannot decide alone what became of its goods.
 */
export class Confirmer {
  readonly #parts: ConfirmerParts;
  readonly #lanes = new Map<string, Lane>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(parts: ConfirmerParts) {
    this.#parts = parts;
    parts.counters.describe('confirmation_calls_total', 'Calls to Crossdock, by outcome.');
    parts.counters.describe('confirmation_rows_total', 'Rows answered by Crossdock, by verdict.');
  }

  /** Picks that are ready to leave. */
  enqueue(picks: readonly Pick[]): void {
    const touched = new Map<string, Lane>();
    for (const pick of picks) {
      const lane = this.#laneOf(pick.warehouseId);
      lane.waiting.push(pick);
      touched.set(pick.warehouseId, lane);
    }
    for (const [warehouseId, lane] of touched) this.#startCalls(warehouseId, lane);
  }

  /** Sends again what was sent before a restart and never answered. */
  resume(batches: readonly ConfirmationBatch[]): void {
    for (const batch of batches) {
      const lane = this.#laneOf(batch.warehouseId);
      this.#run(lane, batch.warehouseId, () => this.#sendUntilAnswered(batch));
    }
  }

  /** Resolves when the picks' running batches are answered, or after `limitMs`. */
  async answered(picks: readonly Pick[], limitMs: number): Promise<void> {
    const keys = new Set(picks.map(({ batchKey: key }) => key));
    const running = [...keys].map((key) => (key === null ? undefined : this.#running.get(key)));
    const limit = new AbortController();
    const waited = sleep(limitMs, undefined, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([Promise.all(running), waited]);
    limit.abort();
  }

  /** No call starts any more; those that are out may end. What is left unanswered is resumed by the next start. */
  async stop(limitMs: number): Promise<void> {
    this.#stop.abort();
    await Promise.race([
      Promise.allSettled(this.#running.values()),
      sleep(limitMs, undefined, { ref: false }),
    ]);
  }

  #laneOf(warehouseId: string): Lane {
    const known = this.#lanes.get(warehouseId);
    if (known !== undefined) return known;
    const lane: Lane = { waiting: [], calls: 0, gathering: undefined };
    this.#lanes.set(warehouseId, lane);
    return lane;
  }

  #startCalls(warehouseId: string, lane: Lane): void {
    while (lane.waiting.length >= BATCH_ROWS && lane.calls < CALLS_PER_WAREHOUSE)
      this.#startCall(warehouseId, lane);
    if (lane.waiting.length === 0 || lane.calls > 0 || lane.gathering !== undefined) return;
    lane.gathering = setTimeout(() => {
      lane.gathering = undefined;
      if (lane.calls === 0) this.#startCall(warehouseId, lane);
    }, GATHER_MS).unref();
  }

  #startCall(warehouseId: string, lane: Lane): void {
    const { book } = this.#parts;
    const picks = lane.waiting.splice(0, BATCH_ROWS).filter((pick) => book.pick(pick)?.status === 'PICKING');
    if (picks.length === 0 || this.#stop.signal.aborted) return;
    const batch = this.#writeBatch(warehouseId, picks);
    this.#run(lane, warehouseId, () => this.#sendUntilAnswered(batch));
  }

  #run(lane: Lane, warehouseId: string, work: () => Promise<void>): void {
    lane.calls += 1;
    work()
      .catch((error: unknown) => this.#parts.log.error({ err: error, warehouseId }, 'confirming failed'))
      .finally(() => {
        lane.calls -= 1;
        this.#startCalls(warehouseId, lane);
      });
  }

  #writeBatch(warehouseId: string, picks: readonly Pick[]): ConfirmationBatch {
    const { book, journal } = this.#parts;
    const shipments = picks.map(({ shipmentId, releaseEpoch }) => ({ shipmentId, releaseEpoch }));
    const idempotencyKey = batchKey(warehouseId, journal.state.lines, shipments);
    const batch = { idempotencyKey, warehouseId, shipments };
    for (const line of journal.write([{ kind: 'confirming' as const, ...batch }])) book.apply(line);
    return batch;
  }

  #sendUntilAnswered(batch: ConfirmationBatch): Promise<void> {
    const work = this.#answer(batch).finally(() => this.#running.delete(batch.idempotencyKey));
    this.#running.set(batch.idempotencyKey, work);
    return work;
  }

  async #answer(batch: ConfirmationBatch): Promise<void> {
    const { book, journal } = this.#parts;
    await journal.durable();
    const outcome = await this.#ask(batch);
    if (outcome === undefined) return; // stopping: the next start asks again
    if (outcome.kind === 'divide' && batch.shipments.length > 1) return this.#divide(batch);
    const verdicts: readonly RowVerdict[] =
      outcome.kind === 'rows' ? outcome.verdicts : [{ kind: 'refused', code: outcome.code }];
    this.#settle(batch, verdicts);
    book.close(batch);
    await journal.durable();
  }

  async #ask(batch: ConfirmationBatch): Promise<Exclude<BatchOutcome, { kind: 'again' }> | undefined> {
    for (let tries = 1; !this.#stop.signal.aborted; tries += 1) {
      const outcome = await this.#call(batch);
      this.#parts.counters.add('confirmation_calls_total', `outcome="${outcome.kind}"`);
      if (outcome.kind !== 'again') return outcome;
      const { idempotencyKey, warehouseId } = batch;
      this.#parts.log.warn(
        { idempotencyKey, warehouseId, tries, why: outcome.why },
        'confirmation unanswered',
      );
      const pauseMs = Math.min(Math.max(jittered(tries), outcome.retryAfterMs ?? 0), LONGEST_PAUSE_MS);
      await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
    return undefined;
  }

  async #call({ idempotencyKey, warehouseId, shipments }: ConfirmationBatch): Promise<BatchOutcome> {
    const { book, confirm, tokens } = this.#parts;
    const token = await tokens.tokenOf(warehouseId);
    if (token === undefined) return { kind: 'again', why: 'NO_TOKEN' };
    const picks = shipments.map((name) => book.pick(name)).filter((pick) => pick !== undefined);
    return confirm(idempotencyKey, picks, token);
  }

  async #divide(batch: ConfirmationBatch): Promise<void> {
    const { book } = this.#parts;
    const picks = book.undecidedOf(batch);
    const middle = Math.ceil(picks.length / 2);
    const halves = [picks.slice(0, middle), picks.slice(middle)].filter((half) => half.length > 0);
    const batches = halves.map((half) => this.#writeBatch(batch.warehouseId, half));
    book.close(batch);
    for (const half of batches) await this.#sendUntilAnswered(half);
  }

  #settle(batch: ConfirmationBatch, verdicts: readonly RowVerdict[]): void {
    const { book, journal, counters, log } = this.#parts;
    const undecided = new Set(book.undecidedOf(batch));
    const entries: WmsEntry[] = [];
    for (const [index, name] of batch.shipments.entries()) {
      const pick = book.pick(name);
      const verdict = verdicts[index] ?? { kind: 'refused', code: 'NO_VERDICT' };
      if (pick !== undefined && undecided.has(pick)) entries.push(entryFor(pick, verdict));
    }
    const again: Pick[] = [];
    for (const line of journal.write(entries)) {
      book.apply(line);
      counters.add('confirmation_rows_total', `verdict="${line.kind}"`);
      if (line.kind !== 'refused') continue;
      const pick = book.pick(line);
      if (pick?.status === 'PICKING') again.push(pick);
      else
        log.error(
          { shipmentId: line.shipmentId, code: line.code },
          'shipment held: Crossdock will not confirm it',
        );
    }
    this.#enqueueLater(again);
  }

  #enqueueLater(picks: readonly Pick[]): void {
    if (picks.length === 0) return;
    const tries = Math.max(...picks.map(({ refusals }) => refusals));
    setTimeout(() => this.enqueue(picks), jittered(tries)).unref();
  }
}

function entryFor(pick: Pick, verdict: RowVerdict): WmsEntry {
  const { shipmentId, releaseEpoch, warehouseId, lines } = pick;
  const name = { shipmentId, releaseEpoch };
  if (verdict.kind === 'confirmed') {
    return { kind: 'shipped', ...name, warehouseId, ...consignmentOf(name), lines: [...lines] };
  }
  const { code } = verdict;
  return code === 'SHIPMENT_WITHDRAWN'
    ? { kind: 'cancelled', ...name, code }
    : { kind: 'refused', ...name, code };
}

function jittered(tries: number): number {
  const ceilingMs = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
  return ceilingMs / 2 + (Math.random() * ceilingMs) / 2;
}
