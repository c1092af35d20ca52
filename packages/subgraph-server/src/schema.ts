import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';

/** Resolvers by type and field; `__resolveReference` by entity. The generated types check them, so this is wide. */
export type ResolverMap = NonNullable<Parameters<typeof buildSubgraphSchema>[0] extends infer T ? (T extends { resolvers?: infer R } ? R : never) : never>;

/** The executable schema of a subgraph: schema/common.graphql before schema/<name>.graphql. */
export function loadSubgraphSchema(schemaDir: string, name: string, resolvers: ResolverMap): GraphQLSchema {
  const sdl = ['common', name].map((file) => readFileSync(join(schemaDir, `${file}.graphql`), 'utf8')).join('\n');
  return buildSubgraphSchema({ typeDefs: parse(sdl), resolvers });
}
