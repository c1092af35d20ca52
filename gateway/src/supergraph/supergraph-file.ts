// Follows the composed supergraph on disk. What does not load is refused, and the last good one goes on serving.
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { SupergraphSdlHook } from '@apollo/gateway';

/** A deployment may swap a link, which no watch reports. */
const POLL_MS = 5_000;
/** Editors and tools write a file in several steps. */
const SETTLE_MS = 100;

type Log = Readonly<{
  info: (detail: object, message: string) => void;
  error: (detail: object, message: string) => void;
}>;

export function followSupergraphFile(path: string, log: Log): SupergraphSdlHook {
  return async ({ update }) => {
    const supergraphSdl = await readFile(path, 'utf8');
    let last = supergraphSdl;

    async function look(): Promise<void> {
      const found = await readFile(path, 'utf8').catch(() => last);
      if (found === last) return;
      last = found;
      try {
        update(found);
        log.info({}, 'the supergraph was reloaded');
      } catch (error) {
        log.error({ error }, 'the new supergraph does not load; the last good one goes on serving');
      }
    }

    let settling: NodeJS.Timeout | undefined;
    // The folder is watched, because replacing a file ends a watch of the file itself.
    const watcher = watch(dirname(path), (_, name) => {
      if (name !== basename(path)) return;
      clearTimeout(settling);
      settling = setTimeout(() => void look(), SETTLE_MS);
    });
    const poll = setInterval(() => void look(), POLL_MS);
    poll.unref();
    const cleanup = async () => {
      clearTimeout(settling);
      clearInterval(poll);
      watcher.close();
    };
    return { supergraphSdl, cleanup };
  };
}
