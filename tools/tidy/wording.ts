import type { RepositoryFile } from './repository-files.ts';

type Finding = string;

const linesOf = (file: RepositoryFile) => file.text.split('\n');

/** Lines of the files that match, as `path:line: text`. */
function findings(files: readonly RepositoryFile[], pattern: RegExp): Finding[] {
  return files.flatMap((file) =>
    linesOf(file).flatMap((line, index) =>
      pattern.test(line) ? [`${file.path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
    ),
  );
}

// Spelled in pieces, so that the rules do not find themselves.
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
const BANNER = /^\s*(\/\/|\/\*+|#|--)\s*[-=*#~_/]{6,}/;
const COMMENTED_OUT =
  /^\s*\/\/\s*(const|let|import|export|return|await|throw|if \(|for \(|function) ?.*[;{}]\s*$/;
const FOCUSED = new RegExp(`\\b(it|test|describe)[.](${['skip', 'only', 'todo'].join('|')})\\b`);
const MACHINE_PATH = new RegExp(
  `(^|[\\s"'\`(=:])/(${['wo' + 'rk', 'ro' + 'ot', 'tmp/pl' + 'an'].join('|')})/`,
);
const DOWNLOAD_ADDRESS = /"resolved":\s*"[a-z+]+:\/\//;
const REGISTRY_HOST = new RegExp(
  `\\b(${['registry', 'npm', 'nexus', 'artifactory'].join('|')})[.][a-z0-9-]+[.][a-z]{2,}`,
);

export const unfinished = (files: readonly RepositoryFile[]) => findings(files, UNFINISHED);
export const banners = (files: readonly RepositoryFile[]) => findings(files, BANNER);
export const commentedOutCode = (files: readonly RepositoryFile[]) => findings(files, COMMENTED_OUT);
export const skippedTests = (files: readonly RepositoryFile[]) => findings(files, FOCUSED);
export const machinePaths = (files: readonly RepositoryFile[]) => findings(files, MACHINE_PATH);
export const downloadAddresses = (files: readonly RepositoryFile[]) => findings(files, DOWNLOAD_ADDRESS);
export const registryHosts = (files: readonly RepositoryFile[]) => findings(files, REGISTRY_HOST);
