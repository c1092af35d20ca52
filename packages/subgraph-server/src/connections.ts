import { badInput } from './faults.ts';

/** Items a page may have, and has where the schema says no other default. */
const PAGE_MAX = 100;
const PAGE_PRESET = 20;

/** How many items a page has; null asks for the default that the schema tells, like nothing at all. BAD_USER_INPUT for what no page has. */
export function pageSize(first: number | null | undefined, preset: number = PAGE_PRESET): number {
  const size = first ?? preset;
  if (size < 1 || size > PAGE_MAX) throw badInput(`first is 1 to ${PAGE_MAX}.`);
  return size;
}

type Page<Node> = Readonly<{
  edges: { cursor: string; node: Node }[];
  nodes: Node[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}>;

/** A Relay connection from rows read one beyond the page: `first` + 1 rows say that another page follows. */
export function connection<Node>(
  rows: readonly Node[],
  first: number,
  after: string | null | undefined,
  cursorOf: (node: Node) => string,
): Page<Node> {
  const nodes = rows.slice(0, first);
  const edges = nodes.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** An opaque cursor over the sort key's parts. */
export function encodePageCursor(...parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The parts of a cursor of `encodePageCursor`; null when it is none, or has another number of parts. */
export function decodePageCursor(cursor: string, parts: number): string[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(value) || value.length !== parts) return null;
    return value.every((each) => typeof each === 'string') ? value : null;
  } catch {
    return null;
  }
}
