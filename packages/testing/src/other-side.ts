import type { Source, TravellingEvent } from '@crossdock/contracts';
import type { Random } from './random.ts';

/** A fact another subgraph is going to say. Facts of one line of one source keep their order; all else may come anyhow. */
export type Fact = Readonly<{
  source: Source;
  partition: number;
  /** The stream it belongs to. */
  stream: string;
  /** What it must not overtake: facts of the same line. */
  line: string;
  id: string;
  type: string;
  data: object;
}>;

/** An event the receiver itself said. */
export type OwnEvent = Readonly<{
  id: string;
  stream: string;
  type: string;
  data: Readonly<Record<string, unknown>>;
}>;

/**
 * The other subgraphs, as far as they can be told apart from here: what they say unasked, and what they say to each event of
 * ours. That an answer follows its question is all the order there is across sources.
 */
export type OtherSide = Readonly<{
  opening: readonly Fact[];
  /** The same facts with the same ids whenever the same event is answered. */
  answer: (event: OwnEvent) => readonly Fact[];
}>;

/** Facts that were not said yet, each line in its order. */
export type Unsaid = Readonly<{
  add: (facts: readonly Fact[]) => void;
  size: () => number;
  /** The next fact of a line drawn at random. */
  draw: (random: Random) => Fact;
}>;

export function createUnsaid(): Unsaid {
  const lines = new Map<string, Fact[]>();
  return {
    add: (facts) => {
      for (const fact of facts) {
        const key = `${fact.source} ${fact.line}`;
        const line = lines.get(key);
        if (line === undefined) lines.set(key, [fact]);
        else line.push(fact);
      }
    },
    size: () => [...lines.values()].reduce((sum, line) => sum + line.length, 0),
    draw: (random) => {
      const [key, line] = random.pick([...lines]);
      const fact = line.shift();
      if (line.length === 0) lines.delete(key);
      if (fact === undefined) throw new Error('A line without facts was kept');
      return fact;
    },
  };
}

/** The instant every fact of the other side was recorded at; nothing here depends on it. */
const AT = '2026-03-01T09:30:00.000Z';

/** The fact as it travels. */
export function travelling(fact: Fact, version: number): TravellingEvent {
  const { id, stream, type, data, source } = fact;
  return {
    ...{ id, category: source, stream, version, type, schemaVersion: 1 },
    ...{ data: { ...data }, metadata: {}, at: AT },
  };
}

/** Lets a pure core hear the other side one fact after the other, each answer behind all that was said before it. */
export function hearInTurn(
  otherSide: OtherSide,
  hear: (batch: readonly Fact[]) => readonly OwnEvent[],
): void {
  const waiting = [...otherSide.opening];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    waiting.push(...hear([next]).flatMap((event) => otherSide.answer(event)));
  }
}

/** Lets a pure core hear the other side in any order there can be, in batches of up to `batchMax` facts. */
export function hearInAnyOrder(
  otherSide: OtherSide,
  hear: (batch: readonly Fact[]) => readonly OwnEvent[],
  random: Random,
  batchMax = 6,
): void {
  const unsaid = createUnsaid();
  unsaid.add(otherSide.opening);
  while (unsaid.size() > 0) {
    const batch: Fact[] = [];
    for (let room = 1 + random.below(batchMax); room > 0 && unsaid.size() > 0; room -= 1)
      batch.push(unsaid.draw(random));
    for (const event of hear(batch)) unsaid.add(otherSide.answer(event));
  }
}
