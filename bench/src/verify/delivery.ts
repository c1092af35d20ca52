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

/** A fact by what it is about; `key` is the order, plan or shipment that causes and effects share. */
export interface KeyedFact {
  readonly source: string;
  readonly type: string;
  readonly key: string;
}

/** A fact that must bring about exactly one of some others, about the same thing. */
export interface Consequence {
  readonly cause: string;
  readonly by: 'orderId' | 'planId' | 'shipmentId';
  readonly effects: readonly string[];
}

/** 7, second half. Each cause has exactly one effect, and no effect stands without its cause. Names are `source.Type`. */
export function checkConsequence(
  { cause, effects }: Consequence,
  causes: ReadonlySet<string>,
  found: readonly KeyedFact[],
): readonly string[] {
  const breaches: string[] = [];
  const seen = new Map<string, number>();
  for (const { key } of found) seen.set(key, (seen.get(key) ?? 0) + 1);
  for (const key of causes) {
    const count = seen.get(key) ?? 0;
    if (count !== 1) breaches.push(`${cause} of ${key}: ${count} × ${effects.join(' or ')} instead of one`);
  }
  for (const key of seen.keys()) {
    if (!causes.has(key)) breaches.push(`${effects.join(' or ')} of ${key}: stands without ${cause}`);
  }
  return breaches;
}
