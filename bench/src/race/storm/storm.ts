// A storm: placing, cancelling, receiving, counting, damaging, holding and claiming, all at once and by the seed. In the end all
// that is left is offered, so that what was sold must be all that there ever was.
import { setTimeout as sleep } from 'node:timers/promises';
import { drained } from '../../stage/pipeline.ts';
import { createTally } from '../expectation.ts';
import type { Race, RaceStage } from '../race.ts';
import { stockUp } from '../stock-up.ts';
import { ACTS, type Act, type Storm } from './acts.ts';

const SKUS = 8;
const UNITS_EACH = 60;
/** People and machines that act at the same time; each does one thing after the other. */
const ACTORS = 24;
/** Offers of what is left: a cancellation or a lost claim may give units back after one. */
const SWEEPS_MAX = 20;
const DRAINED_WITHIN_MS = 60_000;
/** Answers of fulfillment to what was asked of it arrive meanwhile. */
const BETWEEN_SWEEPS_MS = 1_500;
/** Offered beyond what is left: some must go away empty-handed. */
const BEYOND = 2;

/** The storm of the acts that are named; what it does is drawn in proportion to their weights. */
export function stormOf(names: readonly Act['name'][]): Race {
  const acts = ACTS.filter(({ name }) => names.includes(name));
  return {
    name: 'storm',
    title: `storm (${acts.map(({ name }) => name).join(', ')})`,
    acts: acts.map(({ name }) => name),
    play: async (stage, disturb) => {
      const storm = await prepared(stage);
      const { weather, actors } = { weather: acts, actors: Math.min(ACTORS, stage.size.buyers) };
      const each = Math.ceil(stage.size.buyers / actors);
      const acting = Array.from({ length: actors }, async () => {
        for (let time = 0; time < each; time += 1) await drawn(weather, stage.draw).act(storm);
      });
      await Promise.all([disturb(), ...acting]);
      // A claiming order that was cancelled before it was heard of leaves its hold to the buyer, until it expires.
      await drained(stage.cluster, DRAINED_WITHIN_MS);
      for (const holdId of storm.everHeld) await stage.claimants.release(holdId);
      await sweep(storm);
      return storm.skus.map((sku) => ({ sku, supply: storm.supply.of(sku), demand: storm.demand.of(sku) }));
    },
  };
}

async function prepared(stage: RaceStage): Promise<Storm> {
  const skus = Array.from({ length: SKUS }, (_, index) => `STORM-${stage.run}-${index}`);
  const storm: Storm = {
    ...{ stage, skus, supply: createTally(), demand: createTally(), placed: [], holds: [], everHeld: [] },
  };
  const lines = skus.flatMap((sku) =>
    ['LON', 'BHX'].map((warehouseId) => ({ sku, warehouseId, quantity: UNITS_EACH / 2 })),
  );
  await stockUp(stage, lines);
  storm.supply.add(lines);
  return storm;
}

function drawn(acts: readonly Act[], draw: () => number): Act {
  let place = draw() * acts.reduce((sum, { weight }) => sum + weight, 0);
  for (const act of acts) {
    place -= act.weight;
    if (place < 0) return act;
  }
  throw new Error('A storm needs an act');
}

/** Offers single units until nothing of any SKU is left, and nothing is held or asked after that could come back. */
async function sweep(storm: Storm): Promise<void> {
  const { stage, skus } = storm;
  for (let round = 1; ; round += 1) {
    await drained(stage.cluster, DRAINED_WITHIN_MS);
    await sleep(BETWEEN_SWEEPS_MS);
    const left = await Promise.all(
      skus.map(async (sku) => ({ sku, ...(await stage.claimants.figures(sku)) })),
    );
    const unsettled = left.filter(({ available, held, withdrawing }) => available + held + withdrawing > 0);
    if (unsettled.length === 0) return;
    if (round === SWEEPS_MAX)
      throw new Error(`Something is still left after ${SWEEPS_MAX} sweeps: ${JSON.stringify(unsettled)}`);
    const offered = unsettled.filter(({ available }) => available > 0);
    stage.say(`sweep ${round}: ${unsettled.length} SKUs are not settled, ${offered.length} are offered`);
    await Promise.all(offered.map(({ sku, available }) => offer(storm, sku, available + BEYOND)));
  }
}

/** So many buyers of one unit each. */
async function offer({ stage, demand }: Storm, sku: string, count: number): Promise<void> {
  const lines = [{ sku, quantity: 1 }];
  const buying = Array.from({ length: count }, async (_, index) => {
    const partnerId = stage.partners[index % stage.partners.length] ?? '';
    const outcome = await stage.buyers.buy({ partnerId, lines });
    if (outcome.kind === 'acknowledged') demand.add(lines);
  });
  await Promise.all(buying);
}
