import { badInput, PAGE_MAX } from '@crossdock/subgraph-server';

/** Rows of a page where the request says null: the default that the schema tells. */
const PAGE_DEFAULT = 20;

/** How many rows a page has; throws BAD_USER_INPUT for what no page has. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? PAGE_DEFAULT;
  if (size < 1 || size > PAGE_MAX) throw badInput(`first is 1 to ${PAGE_MAX}.`);
  return size;
}
