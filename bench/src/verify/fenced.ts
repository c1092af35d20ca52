import { counted, type Rows, type Verdict } from './verdict.ts';

/** An epoch that a row carries, beside that of its subgraph's lease. */
export interface CarriedEpoch {
  readonly subgraph: string;
  /** What carries it, such as `offset of orders partition 3`. */
  readonly what: string;
  readonly epoch: number;
  readonly leaseEpoch: number;
}

/** How far a consumer came in a partition, beside how far its source had said that it would publish. */
export interface ReadAhead {
  readonly consumer: string;
  readonly source: string;
  readonly partition: number;
  readonly position: number;
  readonly intended: number;
}

/** A fact derived from another. */
export interface DerivedFact {
  readonly source: string;
  readonly streamId: string;
  readonly type: string;
  readonly causeId: string;
}

export interface FencingWitnesses {
  readonly epochs: readonly CarriedEpoch[];
  readonly readers: readonly ReadAhead[];
  /** Ids of all events of all logs. */
  readonly eventIds: Rows<string>;
  readonly derived: Rows<DerivedFact>;
  /** Facts derived more than once from the same cause, about the same stream. */
  readonly repeated: readonly (DerivedFact & { readonly count: number })[];
}

/**
 * 17. A worker that lost its lease writes nothing. What can be seen of it afterwards: offsets and intents carry the epoch of
 * the lease that stands, nobody read beyond what was meant to be published, and every derived fact has its cause, once. Events
 * do not say under which epoch they were written, so that an effect which changed nothing else stays unseen.
 */
export async function checkFenced(witnesses: FencingWitnesses): Promise<Verdict> {
  const breaches: string[] = [];
  for (const { subgraph, what, epoch, leaseEpoch } of witnesses.epochs) {
    if (epoch !== leaseEpoch)
      breaches.push(`${subgraph} ${what}: written under epoch ${epoch}, the lease has ${leaseEpoch}`);
  }
  for (const { consumer, source, partition, position, intended } of witnesses.readers) {
    if (position > intended)
      breaches.push(
        `${consumer}: applied ${source} partition ${partition} up to ${position}, published is ${intended}`,
      );
  }
  for (const { source, streamId, type, causeId, count } of witnesses.repeated) {
    breaches.push(`${source} ${streamId}: ${count} × ${type} derived from ${causeId}`);
  }
  const known = new Set<string>();
  for await (const id of witnesses.eventIds) known.add(id);
  let derived = 0;
  for await (const { source, streamId, type, causeId } of witnesses.derived) {
    derived += 1;
    if (!known.has(causeId))
      breaches.push(`${source} ${streamId}: ${type} has a cause, ${causeId}, that no log holds`);
  }
  return {
    summary: `${counted(witnesses.epochs.length, 'epoch')}, ${counted(derived, 'derived fact')}`,
    breaches,
  };
}
