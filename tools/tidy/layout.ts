import type { RepositoryFile } from './repository-files.ts';

const SUBGRAPHS = ['orders', 'inventory', 'payments', 'fulfillment'];
const SUBGRAPH_FOLDERS = new Set([
  'domain',
  'command-handlers',
  'store',
  'read-models',
  'graphql',
  'publishers',
  'consumers',
  'adapters',
]);
const SUBGRAPH_FILES = new Set(['main.ts', 'config.ts', 'ports.ts']);
const MEANINGLESS_FOLDERS = new Set([
  'utils',
  'util',
  'helpers',
  'common',
  'types',
  'services',
  'misc',
  'shared',
  'lib',
]);

const isSpec = (path: string) => path.endsWith('.spec.ts');

/** Entries of a subgraph's src/ that the shared shape does not know. */
export function strangersInSubgraphs(files: readonly RepositoryFile[]): string[] {
  return files.flatMap(({ path }) => {
    const [, subgraph, entry, inside] = /^subgraphs\/([^/]+)\/src\/([^/]+)(\/.+)?$/.exec(path) ?? [];
    if (subgraph === undefined || entry === undefined) return [];
    if (!SUBGRAPHS.includes(subgraph)) return [`${path}: there is no subgraph ${subgraph}`];
    const known =
      inside === undefined ? SUBGRAPH_FILES.has(entry) || isSpec(entry) : SUBGRAPH_FOLDERS.has(entry);
    return known ? [] : [path];
  });
}

/** Folders whose name says nothing about what lies in them. */
export function meaninglessFolders(files: readonly RepositoryFile[]): string[] {
  return files
    .map((file) => file.path)
    .filter((path) =>
      path
        .split('/')
        .slice(0, -1)
        .some((folder) => MEANINGLESS_FOLDERS.has(folder)),
    );
}

/** Barrels: an index.ts is the door of a package; inside a subgraph it only hides where things are. */
export function barrels(files: readonly RepositoryFile[]): string[] {
  return files.map((file) => file.path).filter((path) => /^subgraphs\/.*\/index[.]ts$/.test(path));
}

/** Rule books without a specification beside them. */
export function untestedDeciders(files: readonly RepositoryFile[]): string[] {
  const paths = new Set(files.map((file) => file.path));
  return [...paths].filter(
    (path) => /\/domain\/.*decide[.]ts$/.test(path) && !paths.has(path.replace(/[.]ts$/, '.spec.ts')),
  );
}

/** Doors of packages and processes that do not open with what they are for. */
export function silentEntryFiles(files: readonly RepositoryFile[]): string[] {
  const entry =
    /^(packages\/[^/]+\/src\/index|(subgraphs\/[^/]+|gateway)\/src\/main|tools\/[^/]+\/main)[.]ts$/;
  return files
    .filter((file) => entry.test(file.path) && !/^(#!.*\n)?(\/\/ |\/\*\*)/.test(file.text))
    .map((file) => file.path);
}
