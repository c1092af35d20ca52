// Four kinds of tests, told apart by suffix because the suffix tells the cost: unit (pure, milliseconds),
// tidy (the repository itself), int (real servers), e2e (the whole platform, one file at a time).
import { defineConfig } from 'vitest/config';

const NOT_OURS = ['**/node_modules/**', '.local/**'];
const INT = '**/*.int.spec.ts';
const E2E = '**/*.e2e.spec.ts';
const TIDY = 'tools/tidy.spec.ts';

// What ends a test that hangs, not what judges its speed: property tests run long on a machine that does other work too.
const UNIT_TIMEOUT_MS = 60_000;
// Longer than what its tests poll for (20 to 25 s): a database clone and a consumer's catching up may take some; hooks start servers and processes of their own.
const INT_TIMEOUT_MS = 60_000;
const INT_HOOK_TIMEOUT_MS = 120_000;
// One journey: an order from placing to SHIPPED on two busy cores, with the platform's own start in hooks.
const E2E_TIMEOUT_MS = 180_000;
const E2E_HOOK_TIMEOUT_MS = 300_000;
// What is polled for comes in milliseconds, and after seconds where others have the processor; Vitest gives up after one.
const EVENTUALLY = { poll: { timeout: 15_000 } };

// Two cores are what every machine has that runs this; more files at once would only make timings lie.
const FILES_AT_ONCE = 2;

// Vite would take graphql's ES modules for our sources while packages require its CommonJS: two graphql in one process, which
// refuse each other's types. Servers run with one; so do their tests.
const ONE_GRAPHQL = [{ find: /^graphql$/, replacement: 'graphql/index.js' }];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.spec.ts'],
          exclude: [...NOT_OURS, INT, E2E, TIDY],
          expect: EVENTUALLY,
          testTimeout: UNIT_TIMEOUT_MS,
          maxWorkers: FILES_AT_ONCE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: { name: 'tidy', include: [TIDY], testTimeout: INT_TIMEOUT_MS, sequence: { groupOrder: 2 } },
      },
      {
        resolve: { alias: ONE_GRAPHQL },
        test: {
          name: 'int',
          include: [INT],
          exclude: NOT_OURS,
          expect: EVENTUALLY,
          testTimeout: INT_TIMEOUT_MS,
          hookTimeout: INT_HOOK_TIMEOUT_MS,
          globalSetup: ['packages/testing/src/global-setup.ts'],
          maxWorkers: FILES_AT_ONCE,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: [E2E],
          exclude: NOT_OURS,
          globalSetup: ['tests/platform/global-setup.ts'],
          expect: EVENTUALLY,
          testTimeout: E2E_TIMEOUT_MS,
          hookTimeout: E2E_HOOK_TIMEOUT_MS,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 4, concurrent: false },
        },
      },
    ],
  },
});
