// Prints a client's token for a local run, and nothing else on the standard output.
// It signs with the issuer key of the data folder, and makes none: no gateway would know it.
// A deployment's identity provider is not its business.
import { dataFolderOf } from '../infrastructure/data-folder.ts';
import { PlainFailure, plainFailureOf } from '../infrastructure/plain-failure.ts';
import { hasRunIn } from '../start/earlier-run.ts';
import { signClientToken } from './client-token.ts';
import { keysOf } from './keys.ts';
import { type TokenOptions, tokenOptions, USAGE } from './options.ts';

try {
  const options = tokenOptions(process.argv.slice(2));
  process.stdout.write(`${options.help ? USAGE : await tokenFor(options)}\n`);
} catch (error) {
  if (!(error instanceof PlainFailure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function tokenFor(options: TokenOptions): Promise<string> {
  const folder = dataFolderOf(options.dataFolder);
  if (!hasRunIn(folder)) {
    throw new PlainFailure(
      `No platform has run in ${folder}: run \`npm start\` first, or name its folder by --data-dir.`,
    );
  }
  try {
    return await signClientToken(await keysOf(folder), options.claims, options.ttl_s);
  } catch (error) {
    throw plainFailureOf(error, folder);
  }
}
