// Orders that clients were promised: read from their journals, since an order that was acknowledged and never published
// stands nowhere else once its database is gone.
import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Ids asked about in one query. */
const ASKED_TOGETHER = 1_000;

/** An acknowledgement as a client noted it: one line of NDJSON with `kind` "acknowledged". */
export type Acknowledgement = Readonly<{
  orderId: string;
  number: string;
  key: string;
  at: string;
  file: string;
}>;

/** Which of the orders are here. */
export type KnownOrders = (orderIds: readonly string[]) => Promise<ReadonlySet<string>>;

async function* acknowledgements(folder: string): AsyncGenerator<Acknowledgement> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ndjson'),
  );
  for (const file of files.sort()) {
    const lines = createInterface({
      input: createReadStream(join(folder, file)),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    for await (const line of lines) {
      const entry = acknowledgementOf(line);
      if (entry !== null) yield { ...entry, file };
    }
  }
}

/** Other lines, of other kinds or torn by the end of a process, are no acknowledgements. */
function acknowledgementOf(line: string): Omit<Acknowledgement, 'file'> | null {
  if (!line.includes('"acknowledged"')) return null;
  try {
    const entry: Record<string, unknown> = JSON.parse(line);
    if (entry.kind !== 'acknowledged' || typeof entry.orderId !== 'string') return null;
    const { orderId, number, key, at } = entry;
    return { orderId, number: String(number ?? ''), key: String(key ?? ''), at: String(at ?? '') };
  } catch {
    return null;
  }
}

/** The acknowledged orders of a folder of client journals that are neither here nor among the `published`. */
export async function findUnpublished(
  folder: string,
  published: ReadonlySet<string>,
  known: KnownOrders,
): Promise<Acknowledgement[]> {
  const missing: Acknowledgement[] = [];
  let asked: Acknowledgement[] = [];
  const settle = async () => {
    const here = await known(asked.map((each) => each.orderId));
    missing.push(...asked.filter((each) => !here.has(each.orderId)));
    asked = [];
  };
  for await (const each of acknowledgements(folder)) {
    if (published.has(each.orderId)) continue;
    asked.push(each);
    if (asked.length >= ASKED_TOGETHER) await settle();
  }
  if (asked.length > 0) await settle();
  return missing;
}
