import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT, readText } from '../repository.ts';

const execute = promisify(execFile);
// A listing of a hundred thousand paths; this repository will not have them.
const LISTING_BYTES_MAX = 16 * 1024 * 1024;

export type RepositoryFile = Readonly<{ path: string; text: string }>;

const GENERATED = /([.]generated[.]ts|^schema\/(supergraph|api)[.]graphql|^schema\/events\/.*)$/;
const BINARY = /[.](gz|png|ico|woff2?)$/;

async function listed(): Promise<string[]> {
  const { stdout } = await execute('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    maxBuffer: LISTING_BYTES_MAX,
  });
  return [...new Set(stdout.split('\0').filter((path) => path !== ''))];
}

/** Every text file that is, or is about to be, in the repository; ignored files are not read. */
export async function repositoryFiles(): Promise<RepositoryFile[]> {
  const paths = (await listed()).filter((path) => !BINARY.test(path));
  const texts = await Promise.all(paths.map(readText));
  // A file that Git lists but that was deleted a moment ago is nobody's problem.
  return paths.flatMap((path, index) => {
    const text = texts[index];
    return text === null || text === undefined ? [] : [{ path, text }];
  });
}

export const writtenByHand = (files: readonly RepositoryFile[]) =>
  files.filter((file) => !GENERATED.test(file.path));

export const sources = (files: readonly RepositoryFile[]) =>
  writtenByHand(files).filter((file) => /[.](ts|mjs|cjs)$/.test(file.path));
