import { FEED_TYPE_OF, type Source } from '@crossdock/contracts';
import { SUBGRAPHS } from '../compose/subgraph-sdl.ts';
import { filesBelow, type GeneratedFile, readText } from '../repository.ts';
import { type JsonSchema, type PublishedEvent, publishedEvents } from './event-schemas.ts';

// Past this depth the table would say more about addresses than about events; schema/events/ has the rest.
const FIELD_DEPTH_MAX = 3;

type Listener = Readonly<{ name: string; source: string }>;

const withoutComments = (source: string) => source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');

async function sourceBelow(folder: string): Promise<string> {
  const paths = (await filesBelow(folder)).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'),
  );
  const texts = await Promise.all(paths.map(readText));
  return texts.map((text) => withoutComments(text ?? '')).join('\n');
}

/** Whoever names an event in the folder in which it listens, listens to it. */
async function listeners(): Promise<Listener[]> {
  const subgraphs = SUBGRAPHS.map(async (name) => ({
    name: name as string,
    source: await sourceBelow(`subgraphs/${name}/src/consumers`),
  }));
  const feed = await sourceBelow('gateway/src/feed');
  const fedEvents = feed.includes('FEED_TYPE_OF') ? Object.keys(FEED_TYPE_OF).join('\n') : '';
  return [
    ...(await Promise.all(subgraphs)),
    { name: 'gateway (live feed)', source: `${feed}\n${fedEvents}` },
  ];
}

function hearersOf(type: string, saidBy: Source, all: readonly Listener[]): string {
  const named = new RegExp(`\\b${type}\\b`);
  const names = all
    .filter(({ name, source }) => name !== saidBy && named.test(source))
    .map(({ name }) => name);
  return names.length > 0 ? names.join(', ') : '–';
}

/** A shape as a reader of a table wants it: `orderId, lines[sku, quantity]`, with `?` where a field may be absent. */
function fieldsOf(schema: JsonSchema, depth: number): string {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {})
    .map(([name, shape]) => `${name}${required.has(name) ? '' : '?'}${nestedFields(shape, depth + 1)}`)
    .join(', ');
}

function nestedFields(shape: JsonSchema, depth: number): string {
  if (depth > FIELD_DEPTH_MAX) return '';
  const present = shape.anyOf?.find((option) => option.type !== 'null') ?? shape;
  if (present.items !== undefined) {
    return present.items.properties === undefined ? '[]' : `[${fieldsOf(present.items, depth)}]`;
  }
  return present.properties === undefined ? '' : `{${fieldsOf(present, depth)}}`;
}

const row = ({ type, source, schema }: PublishedEvent, all: readonly Listener[]) =>
  `| ${type} | ${source} | ${hearersOf(type, source, all)} | ${fieldsOf(schema, 0)} |`;

/** docs/events.md: which facts cross a boundary, who says them and who listens. */
export async function eventTable(): Promise<GeneratedFile> {
  const all = await listeners();
  const lines = [
    '# Events between subgraphs',
    '',
    'Generated from `packages/contracts` and from the consumers by `npm run generate`. JSON Schemas stand in',
    '`schema/events/`. Amounts are integers of minor units (`…Minor`); `?` marks a field that may be absent.',
    '',
    '| event | said by | heard by | fields |',
    '|---|---|---|---|',
    ...publishedEvents().map((event) => row(event, all)),
  ];
  return { path: 'docs/events.md', text: `${lines.join('\n')}\n` };
}
