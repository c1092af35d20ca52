/** Rows as they come: a cursor of a database, or an array. */
export type Rows<Row> = AsyncIterable<Row> | Iterable<Row>;

/** What one invariant came to: how much was looked at, and every breach in one sentence each. */
export interface Verdict {
  readonly summary: string;
  readonly breaches: readonly string[];
}

export const counted = (count: number, noun: string) =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

/** Several verdicts that make up one invariant. */
export function together(...verdicts: readonly Verdict[]): Verdict {
  return {
    summary: verdicts.map(({ summary }) => summary).join(', '),
    breaches: verdicts.flatMap(({ breaches }) => breaches),
  };
}

/** Gathers rows under a key, in the order in which they came. */
export function grouped<Row>(rows: Iterable<Row>, keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

export async function collected<Row>(rows: Rows<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
