/**
 * A failure that a person can act on: its message is one sentence that says what to do, and it is shown
 * without a stack trace. Everything else that is thrown is a bug and keeps its trace.
 */
export class PlainFailure extends Error {
  override readonly name = 'PlainFailure';
}

/** The error code of Node's system errors (`ENOSPC`, `EACCES`, …), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const DISK_IS_FULL = /ENOSPC|No space left on device/i;
const NOT_A_FOLDER = /EEXIST|ENOTDIR/;
const NOT_PERMITTED = /EACCES|EPERM|EROFS|Permission denied|Read-only file system/i;

/** The one sentence for a full disk or a missing permission found in `text`, or undefined when it is neither. */
export function sentenceAboutDisk(text: string, folder: string): string | undefined {
  if (DISK_IS_FULL.test(text)) {
    return `The disk that holds ${folder} is full: free about 1 GB there, or choose another folder with --data-dir.`;
  }
  if (NOT_A_FOLDER.test(text)) return `${folder} is not a folder: choose another with --data-dir.`;
  if (NOT_PERMITTED.test(text)) {
    return `${folder} cannot be written by this account: fix its permissions, or choose another folder with --data-dir.`;
  }
  return undefined;
}

/** Turns an error of the file system about `folder` into a PlainFailure where it is one, else returns it unchanged. */
export function plainFailureOf(error: unknown, folder: string): unknown {
  if (error instanceof PlainFailure || !(error instanceof Error)) return error;
  const sentence = sentenceAboutDisk(`${systemErrorCode(error) ?? ''} ${error.message}`, folder);
  return sentence === undefined ? error : new PlainFailure(sentence);
}
