// `npm run restore-log`: gives a subgraph's own command `restore-log` the addresses and the secret of a local run, and lets it
// speak. It opens no database itself; a deployment calls the subgraph's command with the environment it has.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inheritedEnvironment, SUBGRAPHS } from '../infrastructure/config.ts';
import { dataFolderOf } from '../infrastructure/data-folder.ts';
import { PlainFailure } from '../infrastructure/plain-failure.ts';
import { ROOT } from '../repository.ts';
import { keysOf } from '../token/keys.ts';
import { type RestoreFlags, restoreFlags, USAGE } from './options.ts';

const runFile = z.object({
  databaseUrls: z.record(z.enum(SUBGRAPHS), z.string()),
  natsUrl: z.string(),
  subgraphUrls: z.record(z.enum(SUBGRAPHS), z.string()),
});

try {
  const flags = restoreFlags(process.argv.slice(2));
  if (flags.help) process.stdout.write(`${USAGE}\n`);
  else process.exitCode = await restore(flags);
} catch (error) {
  if (!(error instanceof PlainFailure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function restore({ subgraph, dataFolder, args }: RestoreFlags): Promise<number> {
  const folder = dataFolderOf(dataFolder);
  const file = join(folder, 'run.json');
  if (!existsSync(file)) {
    throw new PlainFailure(
      `Nothing runs in ${folder}: start it by \`npm start\`, or name its folder by --data-dir.`,
    );
  }
  const run = runFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  const { secrets } = await keysOf(folder);
  const child = spawn(
    process.execPath,
    [join(ROOT, `subgraphs/${subgraph}/src/main.ts`), 'restore-log', ...args],
    {
      stdio: 'inherit',
      env: {
        ...inheritedEnvironment,
        DATABASE_URL: run.databaseUrls[subgraph],
        NATS_URL: run.natsUrl,
        SUBGRAPH_URLS: JSON.stringify(run.subgraphUrls),
        LOG_READ_SECRET: secrets.logReadSecret,
      },
    },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
