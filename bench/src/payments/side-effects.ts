// What else happens to the calls and the webhooks of a mode while its orders are under way.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../stage/cluster/index.ts';
import type { ProviderControl } from '../stage/provider-control.ts';

/** Between two cuts: a call takes a few milliseconds, so that some are met by each. */
const CUT_EVERY_MS = { least: 100, most: 500 };
const REPLAYED = 500;
const REPLAYS = 2;
const BETWEEN_REPLAYS_MS = 2_000;

/** Cuts every connection from payments to the provider at drawn moments: what was done there is not heard of here. */
export function startLosingAnswers(
  cluster: Cluster,
  draw: () => number,
): Readonly<{ stop: () => Promise<void> }> {
  const links = [...cluster.links].flatMap(([name, link]) => (name.endsWith('>provider') ? [link] : []));
  let stopped = false;
  const cutting = (async () => {
    while (!stopped) {
      await sleep(CUT_EVERY_MS.least + draw() * (CUT_EVERY_MS.most - CUT_EVERY_MS.least));
      for (const link of links) link.cut();
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await cutting;
    },
  };
}

/** Sends what was sent last again, as it was signed, some time after its effects. */
export async function replayWebhooksNow(provider: ProviderControl): Promise<void> {
  for (let time = 0; time < REPLAYS; time += 1) {
    await provider.replayWebhooks(REPLAYED);
    await sleep(BETWEEN_REPLAYS_MS);
  }
}
