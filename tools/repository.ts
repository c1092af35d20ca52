// Where the repository lies and how generated files get into it. Knows nothing of what they hold.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../', import.meta.url));

export type GeneratedFile = Readonly<{ path: string; text: string }>;

/** Text of a file of the repository, or null when it does not exist. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(join(ROOT, path), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Paths of the files below a folder of the repository, sorted; none when the folder does not exist. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .sort();
}

/** Paths whose content is not what was generated, and files that nothing generates any more in `ownedFolders`. */
async function differences(files: readonly GeneratedFile[], ownedFolders: readonly string[]) {
  const present = await Promise.all(files.map((file) => readText(file.path)));
  const changed = files.filter((file, index) => present[index] !== file.text);
  const expected = new Set(files.map((file) => file.path));
  const owned = (await Promise.all(ownedFolders.map(filesBelow))).flat();
  return { changed, orphaned: owned.filter((path) => !expected.has(path)) };
}

/**
 * Brings the repository in step with what was generated, or with `check` only says where it is not.
 * Answers the paths concerned; with `check` any path means drift.
 */
export async function settle(
  files: readonly GeneratedFile[],
  options: { check: boolean; ownedFolders?: readonly string[] },
): Promise<string[]> {
  const { changed, orphaned } = await differences(files, options.ownedFolders ?? []);
  if (!options.check) {
    for (const file of changed) {
      await mkdir(dirname(join(ROOT, file.path)), { recursive: true });
      await writeFile(join(ROOT, file.path), file.text);
    }
    for (const path of orphaned) await rm(join(ROOT, path));
  }
  return [...changed.map((file) => file.path), ...orphaned];
}

/** Prints what `settle` found and sets the exit code: drift fails, writing does not. */
export function report(paths: readonly string[], options: { check: boolean; remedy: string }): void {
  if (!options.check) {
    for (const path of paths) console.log(`wrote ${path}`);
    return;
  }
  for (const path of paths) console.error(`${path} is not what its source says`);
  if (paths.length > 0) {
    console.error(`Run \`${options.remedy}\` and commit the result.`);
    process.exitCode = 1;
  }
}
