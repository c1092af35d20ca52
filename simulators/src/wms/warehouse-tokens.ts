import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';

const tokensFile = z.record(z.string(), z.string().min(1));

/** The file is looked at no more often than this. */
const LOOK_EVERY_MS = 1_000;

/** The bearer token of each warehouse, from a JSON file that is read again whenever it changes. */
export class WarehouseTokens {
  readonly #path: string;
  #version = '';
  #lookedAt = Number.NEGATIVE_INFINITY;
  #tokens = new Map<string, string>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined when the file is missing, unreadable, or has no token for the warehouse. */
  async tokenOf(warehouseId: string): Promise<string | undefined> {
    if (performance.now() - this.#lookedAt >= LOOK_EVERY_MS) await this.#refresh();
    return this.#tokens.get(warehouseId);
  }

  async #refresh(): Promise<void> {
    try {
      this.#lookedAt = performance.now();
      const { mtimeMs, size, ino } = await stat(this.#path);
      const version = `${mtimeMs}/${size}/${ino}`;
      if (version === this.#version) return;
      const tokens = tokensFile.parse(JSON.parse(await readFile(this.#path, 'utf8')));
      this.#tokens = new Map(Object.entries(tokens));
      this.#version = version;
    } catch {
      this.#version = ''; // a file being replaced is whole again at the next call; what was read stays good
    }
  }
}
