// The real inventory beside a model of it: whatever happens to stock, in whichever order and at the same time, both say the same.
import { chosenRuns, seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Inventory, openInventory } from '../test/inventory.ts';
import { openRealStock } from '../test/model/real-stock.ts';
import { emptyModel } from '../test/model/stock-model.ts';
import { type Step, someSteps } from '../test/model/walk.ts';

/** Steps of one run at most: long enough that goods are received, claimed, lost and shipped. */
const STEPS_MAX = 80;
/** Runs, unless somebody asks for more of them by TEST_RUNS; each is a new network, and takes half a second. */
const RUNS = chosenRuns() ?? 20;
/** Milliseconds that the runs, or looking for a smaller run that fails, may take. On a slow machine there are fewer of them. */
const TIME_MS = Math.max(15_000, RUNS * 750);
/** Milliseconds for the step that is under way then. */
const LAST_STEP_MS = 15_000;

const fc = seeded(fastCheck);
let inventory: Inventory;
let epoch: number;
let run = 0;

beforeAll(async () => {
  inventory = await openInventory();
  epoch = await inventory.takeLease();
});
afterAll(() => inventory.close());

it(
  'says of stock what a model says, after every step',
  async () => {
    const walk = async (steps: Iterable<Step>) => {
      run += 1;
      const real = await openRealStock(inventory, epoch, run);
      const setup = () => ({ model: { models: [emptyModel(real.names)] }, real });
      await fc.asyncModelRun(setup, steps);
    };
    await fc.assert(fc.asyncProperty(fc.commands(someSteps, { maxCommands: STEPS_MAX, size: 'max' }), walk), {
      numRuns: RUNS,
      interruptAfterTimeLimit: TIME_MS,
    });
    expect(inventory.faults).toEqual([]);
  },
  TIME_MS + LAST_STEP_MS,
);
