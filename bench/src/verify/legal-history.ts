import { counted, type Rows, type Verdict } from './verdict.ts';

/** An event of a stream. Rows come by source, category, stream and version. */
export interface StreamEvent {
  readonly source: string;
  readonly category: string;
  readonly streamId: string;
  readonly version: number;
  readonly type: string;
  /** The status that the event itself says it leads to. */
  readonly status?: string | null;
}

/**
 * What may follow what in one category of streams; `first` lists how a stream may begin. `asides` are events that change
 * nothing of what may come next, with the stages they may stand behind, other asides between them or not. `stages` names what
 * an event leads to: one stage, or the status that it says, which must be one of the list; a type without one is its own stage.
 * The keys of `after` are stages.
 */
export interface StreamRules {
  readonly first: readonly string[];
  readonly after: Readonly<Record<string, readonly string[]>>;
  readonly asides?: Readonly<Record<string, readonly string[]>>;
  readonly stages?: Readonly<Record<string, string | readonly string[]>>;
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
  let stage: Stage | undefined;
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
    if (rule?.asides?.[event.type] === undefined) stage = { type: event.type, name: stageOf(event, rule) };
    if (breach !== undefined) breaches.push(`${streamOf(event)}: ${breach}`);
  }
  for (const category of unruled) breaches.push(`${category}: no rule says what may happen in these streams`);
  return { summary: `${counted(streams, 'stream')}, ${counted(count, 'event')}`, breaches };
}

/** Where a stream stands, and the event that led there. */
type Stage = Readonly<{ type: string; name: string }>;
/** The event before, and where the last one that was no aside led to. */
type Behind = Readonly<{ previous: StreamEvent | undefined; stage: Stage | undefined }>;

function stageOf({ type, status }: StreamEvent, rule: StreamRules | undefined): string {
  const stage = rule?.stages?.[type] ?? type;
  return typeof stage === 'string' ? stage : (status ?? type);
}

function breachOf(
  event: StreamEvent,
  { previous, stage }: Behind,
  rule: StreamRules | undefined,
): string | undefined {
  const expected = (previous?.version ?? 0) + 1;
  if (event.version !== expected) return `version ${event.version} stands where ${expected} belongs`;
  if (rule === undefined) return undefined;
  const { type, status } = event;
  const leads = rule.stages?.[type];
  if (typeof leads === 'object' && !leads.includes(status ?? '')) return `${type} leads to ${status}`;
  const behind = rule.asides?.[type];
  const isLegal =
    behind === undefined
      ? (stage === undefined ? rule.first : (rule.after[stage.name] ?? [])).includes(type)
      : stage !== undefined && behind.includes(stage.name);
  if (isLegal) return undefined;
  return `${type} ${stage === undefined ? 'begins it' : `follows ${stage.type}`}`;
}

function streamOf({ source, category, streamId }: StreamEvent): string {
  return `${source} ${category} ${streamId}`;
}
