import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';

type ResolverMap = NonNullable<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers']
>;

/**
 * The executable schema of a subgraph: schema/common.graphql before schema/<name>.graphql. The resolvers' shape was checked
 * against the types generated from that SDL.
 */
export function loadSubgraphSchema(schemaDir: string, name: string, resolvers: object): GraphQLSchema {
  const sdl = ['common', name]
    .map((file) => readFileSync(join(schemaDir, `${file}.graphql`), 'utf8'))
    .join('\n');
  return buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as ResolverMap });
}
