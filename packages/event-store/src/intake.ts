/** Commands in one batch at most: enough to share a commit, few enough to stay quick. */
const BATCH_MAX = 64;
/** Commands waiting at most; beyond it the intake refuses, so that callers are told instead of queued. */
const WAITING_MAX = 4_096;

/** Refused because too many wait already; answer OVERLOADED. */
export class IntakeFull extends Error {
  override name = 'IntakeFull';
}

export type IntakeOptions<Command, Verdict> = Readonly<{
  /** Decides and writes one batch in one call; answers one verdict for each command, in order. */
  write: (commands: readonly Command[]) => Promise<readonly Verdict[]>;
  /** Keys of which a batch may hold one each: idempotency key, PO number, stream. A twin waits for the first's verdict. */
  keysOf: (command: Command) => readonly string[];
  batchMax?: number;
}>;

/** Takes commands one by one and writes them in batches: gathers while a commit is in flight, never on a timer. */
export type Intake<Command, Verdict> = Readonly<{ submit: (command: Command) => Promise<Verdict> }>;

type Waiting<Command, Verdict> = {
  command: Command;
  keys: readonly string[];
  resolve: (verdict: Verdict) => void;
  reject: (error: unknown) => void;
};

/** Splits off the next batch: at most `max` commands, no two with a key in common, order kept. */
function takeBatch<C, V>(waiting: Waiting<C, V>[], max: number): [Waiting<C, V>[], Waiting<C, V>[]] {
  const taken = new Set<string>();
  const batch: Waiting<C, V>[] = [];
  const rest: Waiting<C, V>[] = [];
  for (const each of waiting) {
    if (batch.length < max && each.keys.every((key) => !taken.has(key))) batch.push(each);
    else rest.push(each);
    // A twin that waits also holds its keys, so that nothing overtakes it.
    for (const key of each.keys) taken.add(key);
  }
  return [batch, rest];
}

export function createIntake<Command, Verdict>(
  options: IntakeOptions<Command, Verdict>,
): Intake<Command, Verdict> {
  const max = options.batchMax ?? BATCH_MAX;
  let waiting: Waiting<Command, Verdict>[] = [];
  let inFlight = false;

  async function writeOne(batch: readonly Waiting<Command, Verdict>[]): Promise<void> {
    try {
      const verdicts = await options.write(batch.map((each) => each.command));
      batch.forEach((each, index) => {
        const verdict = verdicts[index];
        if (verdict === undefined) each.reject(new Error('The batch answered fewer verdicts than commands'));
        else each.resolve(verdict);
      });
    } catch (error) {
      for (const each of batch) each.reject(error);
    }
  }

  async function drain(): Promise<void> {
    inFlight = true;
    while (waiting.length > 0) {
      const [batch, rest] = takeBatch(waiting, max);
      waiting = rest;
      await writeOne(batch);
    }
    inFlight = false;
  }

  return {
    submit: (command) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= WAITING_MAX) {
          reject(new IntakeFull('Too many requests wait already'));
          return;
        }
        waiting.push({ command, keys: options.keysOf(command), resolve, reject });
        if (!inFlight) {
          inFlight = true;
          setImmediate(() => void drain());
        }
      }),
  };
}
