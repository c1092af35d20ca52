import type { PartitionEnd } from './dense-log.ts';
import { counted, type Verdict } from './verdict.ts';

/** How far a consumer says that it has applied a partition of a source. */
export interface ConsumerOffset {
  readonly consumer: string;
  readonly source: string;
  readonly partition: number;
  readonly position: number;
  readonly eventId: string | null;
}

/** 7, first half. What each consumer applied, and what each relay published, ends where the source's log ends. */
export function checkOffsets(
  ends: readonly PartitionEnd[],
  offsets: readonly ConsumerOffset[],
  expected: Readonly<Record<string, readonly string[]>>,
): Verdict {
  const breaches: string[] = [];
  const at = new Map(
    offsets.map((offset) => [`${offset.consumer} ${offset.source} ${offset.partition}`, offset]),
  );
  for (const [consumer, sources] of Object.entries(expected)) {
    for (const end of ends.filter(({ source }) => sources.includes(source))) {
      const offset = at.get(`${consumer} ${end.source} ${end.partition}`);
      const position = offset?.position ?? 0;
      if (position === end.position && (offset?.eventId ?? null) === end.eventId) continue;
      const fork = position === end.position ? `, event ${offset?.eventId} instead of ${end.eventId}` : '';
      breaches.push(
        `${consumer}: stands at ${position} of ${end.position} in ${end.source} partition ${end.partition}${fork}`,
      );
    }
  }
  return {
    summary: `${counted(Object.keys(expected).length, 'reader')} at the head of ${counted(ends.length, 'partition')}`,
    breaches,
  };
}

/**
 * 7, second half. Each cause has exactly one effect about the same thing, and no effect stands without its cause.
 * `mayLack` tells of which things an effect may be missing, since a person has to bring it about, or nothing is left to do.
 */
export function checkConsequence(
  names: { readonly cause: string; readonly effect: string },
  causes: readonly string[],
  effects: readonly string[],
  mayLack: (key: string) => boolean,
): readonly string[] {
  const breaches: string[] = [];
  const expected = countsOf(causes);
  const seen = countsOf(effects);
  for (const [key, wanted] of expected) {
    const count = seen.get(key) ?? 0;
    if (count === wanted || (count < wanted && mayLack(key))) continue;
    const each = wanted === 1 ? 'one' : `one for each of ${wanted}`;
    breaches.push(`${names.cause} of ${key}: ${count} × ${names.effect} instead of ${each}`);
  }
  for (const key of seen.keys()) {
    if (!expected.has(key)) breaches.push(`${names.effect} of ${key}: stands without ${names.cause}`);
  }
  return breaches;
}

function countsOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
