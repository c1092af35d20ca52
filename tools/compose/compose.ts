import { composeServices } from '@apollo/composition';
import { ApolloGateway } from '@apollo/gateway';
import { type GraphQLSchema, parse, printSchema } from 'graphql';
import { eventsSdl, SUBGRAPHS, subgraphSdl, VIRTUAL_SUBGRAPH } from './subgraph-sdl.ts';

// An output enum that one subgraph knows only in part is how the events subgraph is meant to be.
const EXPECTED_HINTS = new Set(['INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM', 'INCONSISTENT_DESCRIPTION']);
// A holder to which every subgraph adds fields of its own; of any other type the same hint tells of an oversight.
const OWN_FIELDS = { code: 'INCONSISTENT_OBJECT_VALUE_TYPE_FIELD', of: 'Field "Operations.' };

// The address is never called: every process is told the real ones by SUBGRAPH_URLS.
const placeholderUrl = (name: string) => `http://${name}.invalid/graphql`;

export type Composition = Readonly<{ supergraph: string; hints: readonly string[] }>;

/** Composes schema/*.graphql into one supergraph; throws with every reason when the subgraphs do not fit. */
export async function compose(): Promise<Composition> {
  const own = SUBGRAPHS.map(async (name) => ({ name: name as string, sdl: await subgraphSdl(name) }));
  const sources = [...(await Promise.all(own)), { name: VIRTUAL_SUBGRAPH, sdl: await eventsSdl() }];
  const result = composeServices(
    sources.map(({ name, sdl }) => ({ name, url: placeholderUrl(name), typeDefs: parse(sdl) })),
  );
  if (result.errors !== undefined) {
    throw new Error(result.errors.map((error) => error.message).join('\n'));
  }
  const hints = result.hints.filter(
    ({ definition: { code }, message }) =>
      !EXPECTED_HINTS.has(code) && !(code === OWN_FIELDS.code && message.startsWith(OWN_FIELDS.of)),
  );
  return { supergraph: `${result.supergraphSdl.trim()}\n`, hints: hints.map(String) };
}

/**
 * Loads the supergraph in a real gateway, because what composes may still not load; answers the API schema that
 * clients see. Calls no subgraph.
 */
export async function apiOf(supergraph: string): Promise<string> {
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: ({ name }) => ({
      process: () => Promise.reject(new Error(`${name} is not called while composing`)),
    }),
  });
  let api: GraphQLSchema | undefined;
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    api = apiSchema;
  });
  await gateway.load();
  await gateway.stop();
  if (api === undefined) throw new Error('The gateway loaded the supergraph but showed no API schema.');
  return `${printSchema(api)}\n`;
}
