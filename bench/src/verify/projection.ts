import { counted, type Rows, type Verdict } from './verdict.ts';

/** A row as text. Rows come by key, in the order of its bytes. */
export interface KeyedRow {
  readonly key: string;
  readonly content: string;
}

/** A table beside what the logs say it must hold. */
export interface Projection {
  readonly name: string;
  readonly found: Rows<KeyedRow>;
  readonly expected: Rows<KeyedRow>;
}

/** 8. Folding a read model from the logs, up to where its consumer stands, gives the same rows. */
export async function checkProjections(projections: readonly Projection[]): Promise<Verdict> {
  const breaches: string[] = [];
  let rows = 0;
  for (const { name, found, expected } of projections) {
    for await (const [live, folded] of sideBySide(found, expected)) {
      rows += 1;
      if (live?.content === folded?.content) continue;
      breaches.push(`${name} ${live?.key ?? folded?.key}: ${breachOf(live, folded)}`);
    }
  }
  return { summary: `${counted(projections.length, 'table')}, ${counted(rows, 'row')}`, breaches };
}

function breachOf(live: KeyedRow | undefined, folded: KeyedRow | undefined): string {
  if (live === undefined) return `is missing, ${folded?.content} by the log`;
  if (folded === undefined) return `stands as ${live.content} without the log`;
  return `stands as ${live.content}, ${folded.content} by the log`;
}

type Pair = readonly [KeyedRow | undefined, KeyedRow | undefined];

/** Walks both at once: rows of one key are a pair, a row whose key the other lacks stands alone. */
async function* sideBySide(left: Rows<KeyedRow>, right: Rows<KeyedRow>): AsyncGenerator<Pair> {
  const [lefts, rights] = [iteratorOf(left), iteratorOf(right)];
  let [one, other] = [await nextOf(lefts), await nextOf(rights)];
  while (one !== undefined || other !== undefined) {
    const order = orderOf(one, other);
    yield [order <= 0 ? one : undefined, order >= 0 ? other : undefined];
    if (order <= 0) one = await nextOf(lefts);
    if (order >= 0) other = await nextOf(rights);
  }
}

function orderOf(one: KeyedRow | undefined, other: KeyedRow | undefined): number {
  if (one === undefined || other === undefined) return one === undefined ? 1 : -1;
  return one.key === other.key ? 0 : Buffer.compare(Buffer.from(one.key), Buffer.from(other.key));
}

async function* iteratorOf(rows: Rows<KeyedRow>): AsyncGenerator<KeyedRow> {
  yield* rows;
}

async function nextOf(rows: AsyncGenerator<KeyedRow>): Promise<KeyedRow | undefined> {
  const next = await rows.next();
  return next.done === true ? undefined : next.value;
}
