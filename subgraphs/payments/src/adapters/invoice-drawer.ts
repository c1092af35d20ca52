// Draws invoices on a thread of its own, one after another: a long one takes a good part of a second, and the process that holds the
// worker's lease must not stall for it.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { InvoiceDocument, Seller } from './invoice-pdf.ts';

const THREAD = new URL('./invoice-thread.ts', import.meta.url);
/** Invoices that are drawn or wait for it; more are turned away. */
export const DRAWINGS_MAX = 16;
/** Milliseconds for one of them, the start of the thread included; then the thread is given up. */
const DRAWN_WITHIN_MS = 10_000;
/** The thread's heap: the longest invoice there is takes a part of it. */
const THREAD_HEAP_MB = 128;
/** Bytes of PDFs that are kept, the most recent ones: a link that is fetched again and again is drawn once. */
export const KEPT_BYTES_MAX = 8 * 1_024 * 1_024;

export type InvoiceDrawer = Readonly<{
  /** The PDF; null when too many wait. Rejects when it cannot be drawn, or not in time. */
  draw: (invoice: InvoiceDocument) => Promise<Uint8Array | null>;
  close: () => Promise<void>;
}>;

type Draw = (invoice: InvoiceDocument) => Promise<Uint8Array>;

/** All of an invoice that changes after it was issued; the names of its order may be heard of later. */
const keyOf = ({ number, paidMinor, creditedMinor, orderNumber, poNumber }: InvoiceDocument) =>
  JSON.stringify([number, paidMinor, creditedMinor, orderNumber, poNumber]);

/** The thread starts with the first drawing, and anew after one that it could not make. */
function createThread(
  seller: Seller,
  within_ms: number,
): Readonly<{ draw: Draw; close: () => Promise<void> }> {
  let thread: Worker | null = null;
  let isClosed = false;
  let giveUp = () => undefined as void;
  const start = (): Worker => {
    // Nothing of the environment: no secret is needed to draw.
    const options = { workerData: seller, env: {}, execArgv: [] };
    const started = new Worker(THREAD, {
      ...options,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB },
    });
    const forget = () => {
      if (thread === started) thread = null;
    };
    // Whoever waits for a drawing hears of the error too; between two drawings it must not end the process.
    started.on('error', forget);
    started.on('exit', forget);
    started.unref();
    return started;
  };
  return {
    draw: async (invoice) => {
      if (isClosed) throw new Error('Documents are not drawn any more.');
      thread ??= start();
      const [drawing, end] = [thread, new AbortController()];
      giveUp = () => end.abort();
      const late = setTimeout(giveUp, within_ms);
      try {
        const answered = once(drawing, 'message', { signal: end.signal });
        drawing.postMessage(invoice);
        // The thread answers with nothing else.
        const [pdf] = (await answered) as [Uint8Array];
        return pdf;
      } catch (error) {
        await drawing.terminate();
        throw error;
      } finally {
        clearTimeout(late);
      }
    },
    close: async () => {
      isClosed = true;
      giveUp();
      await thread?.terminate();
    },
  };
}

/** The most recently wanted PDFs, as many as have room. */
function createKept(): Readonly<{
  find: (key: string) => Uint8Array | undefined;
  keep: (key: string, pdf: Uint8Array) => void;
}> {
  const kept = new Map<string, Uint8Array>();
  let bytes = 0;
  const drop = (key: string) => {
    bytes -= kept.get(key)?.byteLength ?? 0;
    kept.delete(key);
  };
  const keep = (key: string, pdf: Uint8Array) => {
    drop(key);
    kept.set(key, pdf);
    bytes += pdf.byteLength;
    for (const oldest of kept.keys()) {
      if (bytes <= KEPT_BYTES_MAX) return;
      drop(oldest);
    }
  };
  return {
    keep,
    find: (key) => {
      const pdf = kept.get(key);
      if (pdf !== undefined) keep(key, pdf);
      return pdf;
    },
  };
}

/** Draws each state of an invoice once for all who want it at the same time. */
export function createInvoiceDrawer(seller: Seller, within_ms: number = DRAWN_WITHIN_MS): InvoiceDrawer {
  const thread = createThread(seller, within_ms);
  return { draw: inTurn(thread.draw), close: thread.close };
}

/** One drawing after another, each state of an invoice once, and the last ones kept. */
export function inTurn(drawOne: Draw): InvoiceDrawer['draw'] {
  const kept = createKept();
  const underWay = new Map<string, Promise<Uint8Array>>();
  let last: Promise<unknown> = Promise.resolve();
  return async (invoice) => {
    const key = keyOf(invoice);
    const known = kept.find(key) ?? underWay.get(key);
    if (known !== undefined) return known;
    if (underWay.size >= DRAWINGS_MAX) return null;
    const drawn = last.then(() => drawOne(invoice));
    underWay.set(key, drawn);
    last = drawn.then(
      (pdf) => {
        underWay.delete(key);
        kept.keep(key, pdf);
      },
      () => void underWay.delete(key),
    );
    return drawn;
  };
}
