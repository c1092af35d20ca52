// `npm run rebuild`: has a subgraph fold one of its read models anew, beside a run that goes on. It knows no table: each
// subgraph lists its own and does the work.
import { SUBGRAPHS } from '../infrastructure/config.ts';
import { dataFolderOf } from '../infrastructure/data-folder.ts';
import { PlainFailure, plainFailureOf } from '../infrastructure/plain-failure.ts';
import { readRunFile } from '../start/run-file.ts';
import { subgraphEnvironment } from '../start/services.ts';
import { keysOf } from '../token/keys.ts';
import { type RebuildOptions, rebuildOptions, USAGE } from './options.ts';
import { callSubgraph } from './subgraph-process.ts';

const EXIT_USAGE = 2;

try {
  process.exitCode = await rebuild(rebuildOptions(process.argv.slice(2)));
} catch (error) {
  const text =
    error instanceof PlainFailure ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

async function rebuild({ name, dataDir, passedOn }: RebuildOptions): Promise<number> {
  const subgraph = SUBGRAPHS.find((each) => name?.startsWith(`${each}.`));
  if (name === undefined || subgraph === undefined) return listAll(name);
  const folder = dataFolderOf(dataDir);
  const run = readRunFile(folder);
  if (run === undefined) {
    throw new PlainFailure(
      `No platform runs in ${folder}: start it by \`npm start\` in another terminal, or name its folder by --data-dir.`,
    );
  }
  try {
    const environment = subgraphEnvironment(subgraph, { keys: await keysOf(folder), servers: run }, run);
    return await callSubgraph(subgraph, [name, ...passedOn], environment);
  } catch (error) {
    throw plainFailureOf(error, folder);
  }
}

/** One line for each read model, from the subgraphs themselves. */
async function listAll(unknown: string | undefined): Promise<number> {
  if (unknown !== undefined) process.stdout.write(`${unknown} is no read model.\n\n`);
  process.stdout.write(`${USAGE}\n`);
  for (const subgraph of SUBGRAPHS) await callSubgraph(subgraph, [], {});
  return unknown === undefined ? 0 : EXIT_USAGE;
}
