import { counted, type Rows, type Verdict } from './verdict.ts';

/** An event of a stream. Rows come by source, category, stream and version. */
export interface StreamEvent {
  readonly source: string;
  readonly category: string;
  readonly streamId: string;
  readonly version: number;
  readonly type: string;
}

/**
 * What may follow what in one category of streams; `first` lists how a stream may begin. `asides` are events that change
 * nothing of what may come next, with the events they may stand behind, other asides between them or not.
 */
export interface StreamRules {
  readonly first: readonly string[];
  readonly after: Readonly<Record<string, readonly string[]>>;
  readonly asides?: Readonly<Record<string, readonly string[]>>;
}

/** 5. Versions of every stream are 1..n, and each event may follow the one before it. Rules go by `source.category`. */
export async function checkLegalHistory(
  events: Rows<StreamEvent>,
  rules: Readonly<Record<string, StreamRules>>,
): Promise<Verdict> {
  const breaches: string[] = [];
  const unruled = new Set<string>();
  let streams = 0;
  let count = 0;
  let before: StreamEvent | undefined;
  let stage: StreamEvent | undefined;
  for await (const event of events) {
    count += 1;
    const previous = before !== undefined && streamOf(before) === streamOf(event) ? before : undefined;
    if (previous === undefined) {
      streams += 1;
      stage = undefined;
    }
    before = event;
    const rule = rules[`${event.source}.${event.category}`];
    if (rule === undefined) unruled.add(`${event.source}.${event.category}`);
    const breach = breachOf(event, { previous, stage }, rule);
    if (rule?.asides?.[event.type] === undefined) stage = event;
    if (breach !== undefined) breaches.push(`${streamOf(event)}: ${breach}`);
  }
  for (const category of unruled) breaches.push(`${category}: no rule says what may happen in these streams`);
  return { summary: `${counted(streams, 'stream')}, ${counted(count, 'event')}`, breaches };
}

/** The event before, and the last one that was no aside. */
type Behind = Readonly<{ previous: StreamEvent | undefined; stage: StreamEvent | undefined }>;

function breachOf(
  event: StreamEvent,
  { previous, stage }: Behind,
  rule: StreamRules | undefined,
): string | undefined {
  const expected = (previous?.version ?? 0) + 1;
  if (event.version !== expected) return `version ${event.version} stands where ${expected} belongs`;
  if (rule === undefined) return undefined;
  const behind = rule.asides?.[event.type];
  const isLegal =
    behind === undefined
      ? (stage === undefined ? rule.first : (rule.after[stage.type] ?? [])).includes(event.type)
      : stage !== undefined && behind.includes(stage.type);
  if (isLegal) return undefined;
  return `${event.type} ${stage === undefined ? 'begins it' : `follows ${stage.type}`}`;
}

function streamOf({ source, category, streamId }: StreamEvent): string {
  return `${source} ${category} ${streamId}`;
}
