import { readText } from '../repository.ts';

export const SUBGRAPHS = ['orders', 'inventory', 'payments', 'fulfillment'] as const;
export type Subgraph = (typeof SUBGRAPHS)[number];

/** The gateway itself answers this one: it holds the live feed and is never called over HTTP. */
export const VIRTUAL_SUBGRAPH = 'events';

async function requireText(path: string): Promise<string> {
  const text = await readText(path);
  if (text === null) throw new Error(`${path} is missing: it is the source of the schema.`);
  return text;
}

/** What a subgraph serves: the common part, then its own. */
export async function subgraphSdl(name: Subgraph): Promise<string> {
  const [common, own] = await Promise.all([
    requireText('schema/common.graphql'),
    requireText(`schema/${name}.graphql`),
  ]);
  return `${common}\n${own}`;
}

/** The virtual subgraph stands alone, so that it holds nothing the gateway would have to resolve. */
export const eventsSdl = (): Promise<string> => requireText(`schema/${VIRTUAL_SUBGRAPH}.graphql`);
