// `npm start`: brings the whole platform up on this machine, seeds it once, shows what happened to real orders, and
// keeps it running until Ctrl-C. The work is done beside it; this file only puts it in order.
import { PlainFailure } from '../infrastructure/plain-failure.ts';
import { startFlags, USAGE } from './flags.ts';
import { runUntilStopped } from './local-run.ts';
import { progressOn } from './progress.ts';
import { selfCheck } from './self-check.ts';

try {
  const flags = startFlags(process.argv.slice(2));
  if (flags.help) process.stdout.write(`${USAGE}\n`);
  else await (flags.check ? selfCheck : runUntilStopped)(flags, progressOn(process.stderr));
} catch (error) {
  const text =
    error instanceof PlainFailure ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
