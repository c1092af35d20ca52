import { resolve } from 'node:path';
import { ROOT } from '../repository.ts';
import { inheritedEnvironment } from './config.ts';

/** The data folder that a flag names (relative to where the command was typed), else `.local/default` of the repository. */
export function dataFolderOf(flag: string | undefined): string {
  const typedIn = inheritedEnvironment.INIT_CWD ?? process.cwd();
  return flag === undefined ? resolve(ROOT, '.local', 'default') : resolve(typedIn, flag);
}
