import type fastCheck from 'fast-check';
import { chosenSeed } from './config.ts';

/**
 * Gives all property tests of a file one seed and prints it; TEST_SEED=<seed> repeats the run.
 * Returns fast-check itself, to write `const fc = seeded(fastCheck)`.
 */
export function seeded(fc: typeof fastCheck): typeof fastCheck {
  const seed = chosenSeed() ?? Math.floor(Math.random() * 2 ** 31);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
  process.stdout.write(`property tests: TEST_SEED=${seed}\n`);
  return fc;
}
