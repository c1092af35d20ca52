// What else happens to the calls and the webhooks of a mode while its orders are under way.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../stage/cluster/index.ts';
import type { ProviderControl } from '../stage/provider-control.ts';

/** Calls are held up on their way, and cut so often that many lose their request or their answer. */
const HELD_UP = { kind: 'latency', ms: 40, jitter_ms: 40 } as const;
const CUT_EVERY_MS = { least: 150, most: 500 };
const REPLAYED = 500;
const REPLAYS = 2;
const BETWEEN_REPLAYS_MS = 2_000;

/** Cuts every connection from payments to the provider at drawn moments: what was done there is not heard of here. */
export function startLosingAnswers(
  cluster: Cluster,
  draw: () => number,
): Readonly<{ stop: () => Promise<void> }> {
  const links = [...cluster.links].flatMap(([name, link]) => (name.endsWith('>provider') ? [link] : []));
  for (const link of links) link.set(HELD_UP);
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
      for (const link of links) link.set({ kind: 'none' });
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
