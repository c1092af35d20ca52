// A durable NDJSON journal: what `durable()` has resolved for is on disk, and the next start reads it back.
// It never compacts or rotates, and expects to be its file's only writer.
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBack } from './read-back.ts';
import type { Recorded } from './recorded.ts';

/** A full disk is tried again after this pause; whoever waits for `durable()` waits on. */
const FULL_DISK_PAUSE_MS = 1_000;
const DISK_IS_FULL = new Set(['ENOSPC', 'EDQUOT']);

interface Batch {
  text: string;
  readonly done: PromiseWithResolvers<void>;
}

/** Lines written while an fsync runs share the next one (group commit). A failed fsync breaks the journal for good. */
export class Journal<Entry extends object> {
  readonly #path: string;
  readonly #file: FileHandle;
  #durableBytes: number;
  #lastSeq: number;
  #gathering: Batch = emptyBatch();
  #committing: Batch | undefined;
  #broken: Error | undefined;
  #commits = 0;

  constructor(path: string, file: FileHandle, end: { bytes: number; seq: number }) {
    this.#path = path;
    this.#file = file;
    this.#durableBytes = end.bytes;
    this.#lastSeq = end.seq;
  }

  /** Numbers and stamps the entries and queues them; they are lost by a crash until `durable()` resolves. */
  write<Written extends Entry>(
    entries: readonly Written[],
    at = new Date().toISOString(),
  ): Recorded<Written>[] {
    const lines: Recorded<Written>[] = [];
    let text = '';
    for (const entry of entries) {
      this.#lastSeq += 1;
      const line = { seq: this.#lastSeq, at, ...entry };
      text += `${JSON.stringify(line)}\n`;
      lines.push(line);
    }
    this.#gathering.text += text;
    if (this.#committing === undefined) setImmediate(() => void this.#commitAll());
    return lines;
  }

  /** Resolves when everything written so far is on disk; rejects when the journal is broken. */
  durable(): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    if (this.#gathering.text !== '') return this.#gathering.done.promise;
    return this.#committing?.done.promise ?? Promise.resolve();
  }

  get state(): { readonly lines: number; readonly commits: number; readonly broken: boolean } {
    return { lines: this.#lastSeq, commits: this.#commits, broken: this.#broken !== undefined };
  }

  /** The durable part of the file as it stands now. */
  read(): Readable {
    if (this.#durableBytes === 0) return Readable.from([]);
    return createReadStream(this.#path, { start: 0, end: this.#durableBytes - 1 });
  }

  /** Waits for what was written, then closes the file. */
  async close(): Promise<void> {
    await this.durable().finally(() => this.#file.close());
  }

  async #commitAll(): Promise<void> {
    if (this.#committing !== undefined) return;
    while (this.#gathering.text !== '' && this.#broken === undefined) {
      const batch = this.#gathering;
      this.#gathering = emptyBatch();
      this.#committing = batch;
      try {
        await this.#commit(Buffer.from(batch.text, 'utf8'));
        batch.done.resolve();
      } catch (error) {
        this.#breakFor(error, batch);
      }
    }
    this.#committing = undefined;
  }

  async #commit(bytes: Buffer): Promise<void> {
    await this.#writeWhenRoom(bytes);
    await this.#file.datasync();
    this.#durableBytes += bytes.length;
    this.#commits += 1;
  }

  async #writeWhenRoom(bytes: Buffer): Promise<void> {
    for (;;) {
      try {
        await this.#file.writeFile(bytes);
        return;
      } catch (error) {
        if (!DISK_IS_FULL.has(codeOf(error))) throw error;
        await this.#file.truncate(this.#durableBytes);
        await sleep(FULL_DISK_PAUSE_MS);
      }
    }
  }

  #breakFor(error: unknown, batch: Batch): void {
    this.#broken = new Error(`The journal ${this.#path} cannot be written.`, { cause: error });
    batch.done.reject(this.#broken);
    this.#gathering.done.reject(this.#broken);
  }
}

/**
 * Opens or creates the journal and hands every line to `replay`, in order. A torn last line was never promised to
 * anybody and is cut off; any other unreadable line rejects with JournalUnreadable.
 */
export async function openJournal<Entry extends object>(
  path: string,
  parse: (line: unknown) => Recorded<Entry>,
  replay: (line: Recorded<Entry>) => void,
): Promise<Journal<Entry>> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+');
  try {
    await makeNameDurable(path);
    const end = await readBack(path, parse, replay);
    await file.truncate(end.bytes);
    return new Journal<Entry>(path, file, end);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A new file's name is durable only after an fsync of its folder. */
async function makeNameDurable(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}

function emptyBatch(): Batch {
  const done = Promise.withResolvers<void>();
  done.promise.catch(() => undefined); // whoever waits hears of it through durable()
  return { text: '', done };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
