// `npm run reconcile`: has a local platform compare ledger, card providers and shipments, and lists what differs. It asks through
// the gateway as an operator would; it opens no database and compares nothing itself.
import { dataFolderOf } from '../infrastructure/data-folder.ts';
import { PlainFailure, plainFailureOf } from '../infrastructure/plain-failure.ts';
import { gatewayClient } from '../seed/gateway-client.ts';
import { readRunFile } from '../start/run-file.ts';
import { signClientToken } from '../token/client-token.ts';
import { keysOf } from '../token/keys.ts';
import { compareNow, openBreaks, tableOf } from './comparison.ts';
import { type ReconcileOptions, reconcileOptions, USAGE } from './options.ts';

const EXIT_OPEN = 1;
const EXIT_FAULT = 2;
/** Longer than the longest comparison is followed. */
const TOKEN_TTL_S = 7_200;

try {
  const options = reconcileOptions(process.argv.slice(2));
  if (options.help) say(USAGE);
  else process.exitCode = await reconcile(options);
} catch (error) {
  const text =
    error instanceof PlainFailure ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = EXIT_FAULT;
}

async function reconcile({ dataDir }: ReconcileOptions): Promise<number> {
  const folder = dataFolderOf(dataDir);
  const run = readRunFile(folder);
  if (run === undefined) {
    throw new PlainFailure(
      `No platform runs in ${folder}: start it by \`npm start\` in another terminal, or name its folder by --data-dir.`,
    );
  }
  try {
    const claims = { sub: 'operator:reconcile', role: 'operator' } as const;
    return await compareAndTell(
      run.gatewayUrl,
      await signClientToken(await keysOf(folder), claims, TOKEN_TTL_S),
    );
  } catch (error) {
    throw plainFailureOf(error, folder);
  }
}

async function compareAndTell(gatewayUrl: string, token: string): Promise<number> {
  const client = gatewayClient(gatewayUrl, token);
  let told = '';
  const comparison = await compareNow(client, ({ payments, authorisations, error }) => {
    const line = `compared ${authorisations} authorisations and ${payments} payments${error === null ? '' : `; waits: ${error}`}`;
    if (line !== told) process.stderr.write(`${line}\n`);
    told = line;
  });
  if (comparison.error !== null)
    throw new PlainFailure(`The comparison did not come to its end: ${comparison.error}`);
  const breaks = await openBreaks(client);
  const { breaksFound, breaksHealed } = comparison;
  say(`${breaksFound} differences found, ${breaksHealed} settled without a person, ${breaks.length} open.`);
  if (breaks.length === 0) return 0;
  say(`\n${tableOf(breaks)}\n\nWhat to do: docs/runbooks/reconcile-payments.md`);
  return EXIT_OPEN;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
