import { parseArgs } from 'node:util';
import { PlainFailure } from '../infrastructure/plain-failure.ts';

export const USAGE = `npm run reconcile [-- options]     compares ledger, card providers and shipments, and lists what differs

  --data-dir <folder>   the folder of the run (default .local/default)

Exits 0 when nothing is open, 1 when a difference is, 2 when the comparison did not come to its end.
What differences mean and what to do: docs/runbooks/reconcile-payments.md`;

export interface ReconcileOptions {
  readonly help: boolean;
  readonly dataDir: string | undefined;
}

const FLAGS = { 'data-dir': { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

/** Reads the flags; rejects what it does not know with one sentence. */
export function reconcileOptions(args: readonly string[]): ReconcileOptions {
  try {
    const { values } = parseArgs({ args: [...args], options: FLAGS, strict: true });
    return { help: values.help === true, dataDir: values['data-dir'] };
  } catch (error) {
    throw new PlainFailure(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}
