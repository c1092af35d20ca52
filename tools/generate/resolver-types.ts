import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { type DocumentNode, Kind, parse } from 'graphql';
import { SUBGRAPHS, type Subgraph, subgraphSdl } from '../compose/subgraph-sdl.ts';
import { type GeneratedFile, readText } from '../repository.ts';

const HEADER = [
  '// Generated from schema/ by `npm run generate`; change the SDL instead.',
  '// A type `<Name>Parent` exported by ./parents.ts is what resolvers of <Name> get as their parent.',
  '',
  '',
].join('\n');

const SCALARS = {
  ID: 'string',
  DateTime: 'string',
  Date: 'string',
  Decimal: 'string',
  CurrencyCode: 'string',
};

/** The SDL without `extend schema @link`: codegen knows the directives of federation by itself. */
function parseWithoutLinks(sdl: string): DocumentNode {
  const document = parse(sdl);
  return {
    ...document,
    definitions: document.definitions.filter((definition) => definition.kind !== Kind.SCHEMA_EXTENSION),
  };
}

/** The parent types that a subgraph gives by hand, for types whose fields are resolved one by one. */
async function parentMappers(folder: string): Promise<Record<string, string>> {
  const source = (await readText(`${folder}/parents.ts`)) ?? '';
  const names = [...source.matchAll(/^export (?:type|interface) (\w+)Parent\b/gm)].map(
    (match) => match[1] ?? '',
  );
  return Object.fromEntries(names.map((name) => [name, `./parents.ts#${name}Parent`]));
}

async function resolverTypesOf(name: Subgraph): Promise<GeneratedFile> {
  const folder = `subgraphs/${name}/src/graphql`;
  const path = `${folder}/schema.generated.ts`;
  const text = await codegen({
    filename: path,
    schema: parseWithoutLinks(await subgraphSdl(name)),
    documents: [],
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers },
    config: {
      federation: true,
      disableFederationDirectiveAndScalarInjection: true,
      strictScalars: true,
      scalars: SCALARS,
      enumsAsTypes: true,
      useTypeImports: true,
      immutableTypes: true,
      // A resolver may leave a nullable field out or answer undefined; an input is absent or null.
      maybeValue: 'T | null | undefined',
      inputMaybeValue: 'T | null | undefined',
      contextType: './context.ts#Context',
      mappers: await parentMappers(folder),
    },
  });
  return { path, text: `${HEADER}${text.trim()}\n` };
}

/** Types of every subgraph's resolvers, so that a resolver that contradicts the SDL does not compile. */
export const resolverTypes = (): Promise<GeneratedFile[]> => Promise.all(SUBGRAPHS.map(resolverTypesOf));
