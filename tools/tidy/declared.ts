import type { RepositoryFile } from './repository-files.ts';

type Manifest = Readonly<{
  name: string;
  dependencies?: Readonly<Record<string, string>>;
  devDependencies?: Readonly<Record<string, string>>;
}>;
type Workspace = Readonly<{ folder: string; known: ReadonlySet<string> }>;

const FIXTURES = '@crossdock/testing';
const IMPORT = /(?:\bfrom|\bimport\()\s*['"]([^'".][^'"]*)['"]/g;

/** `@scope/name/deep` is imported from the package `@scope/name`. */
const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

const declaredBy = ({ name, dependencies, devDependencies }: Manifest) => [
  name,
  ...Object.keys(dependencies ?? {}),
  ...Object.keys(devDependencies ?? {}),
];

/**
 * Every workspace with the packages it may import: its own, the development packages of the root, and the fixtures,
 * which every test uses and .dependency-cruiser.cjs keeps out of everything else.
 */
function workspaces(files: readonly RepositoryFile[]): Workspace[] {
  const manifests = files
    .filter((file) => file.path.endsWith('package.json'))
    .map((file) => ({ folder: file.path.slice(0, -'package.json'.length), manifest: JSON.parse(file.text) }));
  const root = manifests.find(({ folder }) => folder === '');
  const shared = [FIXTURES, ...(root === undefined ? [] : declaredBy(root.manifest))];
  return manifests.map(({ folder, manifest }) => ({
    folder,
    known: new Set([...shared, ...declaredBy(manifest)]),
  }));
}

/** Imports that work only because another workspace happens to declare the package. */
export function undeclaredImports(files: readonly RepositoryFile[]): string[] {
  // The longest folder first, so that a file finds its own workspace before the root.
  const all = workspaces(files).sort((a, b) => b.folder.length - a.folder.length);
  const findings = files
    .filter((file) => /[.](ts|mjs)$/.test(file.path))
    .flatMap((file) => {
      const home = all.find(({ folder }) => file.path.startsWith(folder));
      const imported = [...file.text.matchAll(IMPORT)].map((match) => match[1] ?? '');
      return imported
        .filter((specifier) => !specifier.startsWith('node:') && !home?.known.has(packageOf(specifier)))
        .map((specifier) => `${home?.folder}package.json lacks ${packageOf(specifier)}`);
    });
  return [...new Set(findings)];
}
