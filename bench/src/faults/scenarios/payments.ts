// Rows 11 and 12: the payment provider fails in every way it can, and its webhooks come as often, as late and as forged as
// anybody likes. What may not happen is invariant 12's to see; what is measured here is how soon payments lets go and comes back.
import { type BreakerSpell, spellsOf, watchBreakers } from '../../stage/breaker-watch.ts';
import { drained } from '../../stage/pipeline.ts';
import { type ProviderMode, providerControl, type WebhookCounts } from '../../stage/provider-control.ts';
import type { FaultRun, Measure, Scenario } from '../fault-run.ts';

const TWO_REPLICAS = { replicas: 2, standbys: 0, natsNodes: 1 } as const;
const OUTAGE_MS = 12_000;
/** From the end of an outage; what has not closed by then has broken its promise. */
const CLOSED_WITHIN_MS = 30_000;
const OPENED_WITHIN_S = 10;
const LOOK_EVERY_MS = 250;
const DRAINED_WITHIN_MS = 60_000;
/** Each repetition takes two of them, so that three take all. */
const OUTAGES = [
  ['charge-then-timeout', 'error-500'],
  ['error-429', 'slow'],
  ['hang', 'reset'],
] as const satisfies readonly (readonly ProviderMode['mode'][])[];
/** New authorisations are asked for all the time; whether another operation is called is a matter of chance. */
const ALWAYS_ASKED = 'create';

export const providerFails: Scenario = {
  row: '11',
  name: 'payment provider: time-out after charging, 500, 429, slow, hang, reset',
  topology: TWO_REPLICAS,
  spendsCluster: false,
  // The provider is asked after an order was taken: no client may notice.
  allows: { silence_ms: 3_000, failedShare: 0 },
  proves: [],
  run: async (run) => {
    const measures: Measure[] = [];
    for (const mode of OUTAGES[run.repetition % OUTAGES.length] ?? OUTAGES[0]) {
      await run.moment(500, 2_000);
      measures.push(...measured(mode, await outage(run, mode)));
    }
    const drain_ms = await drained(run.cluster, DRAINED_WITHIN_MS);
    return [
      ...measures,
      { name: 'drained after', value: drain_ms / 1_000, unit: 's', most: DRAINED_WITHIN_MS / 1_000 },
    ];
  },
};

/** Every request meets the fault for a while; then none, until what opened has closed. */
async function outage(run: FaultRun, mode: ProviderMode['mode']): Promise<readonly BreakerSpell[]> {
  const provider = providerControl(run.cluster);
  const watch = await watchBreakers(run.cluster);
  try {
    run.say(`the provider: ${mode}, every request, for ${OUTAGE_MS / 1_000} s`);
    const from = performance.now();
    await provider.setMode({ mode });
    await run.pause(OUTAGE_MS);
    await provider.setMode({ mode: 'none' });
    const until = performance.now();
    for (;;) {
      const spells = spellsOf(watch.changes, from, until);
      const isOver = performance.now() - until > CLOSED_WITHIN_MS;
      if (isOver || (spells.length > 0 && spells.every(({ closed_s }) => closed_s !== null))) return spells;
      await run.pause(LOOK_EVERY_MS);
    }
  } finally {
    await provider.setMode({ mode: 'none' });
    watch.stop();
  }
}

/** What never opened, or did not close in time, counts as the whole time that was waited for it. */
function measured(mode: string, spells: readonly BreakerSpell[]): Measure[] {
  const opened = spells.find(({ operation }) => operation === ALWAYS_ASKED)?.opened_s ?? OUTAGE_MS / 1_000;
  const closed = spells.map(({ closed_s }) => closed_s ?? (CLOSED_WITHIN_MS + LOOK_EVERY_MS) / 1_000);
  return [
    { name: `${mode}: breakers opened`, value: spells.length, unit: '', least: 1 },
    { name: `${mode}: breaker open after`, value: opened, unit: 's', most: OPENED_WITHIN_S },
    {
      name: `${mode}: all closed after`,
      value: Math.max(0, ...closed),
      unit: 's',
      most: CLOSED_WITHIN_MS / 1_000,
    },
  ];
}

const WEBHOOKS_MS = 15_000;
/** Long after what they tell is known otherwise; an hour, as the design has it, takes no other way and does not fit in a run. */
const LATE_MS = 4_000;
const REPLAYED = 500;
/** Some answers are missing, so that a webhook has something to tell. */
const LOST_SHARE = 0.15;

export const webhooksRun: Scenario = {
  row: '12',
  name: 'webhooks ×10, reordered, late, forged, replayed, while some answers are lost',
  topology: TWO_REPLICAS,
  spendsCluster: false,
  allows: { silence_ms: 3_000, failedShare: 0 },
  proves: [],
  run: async (run) => {
    const provider = providerControl(run.cluster);
    const before = await provider.webhooks();
    run.say('webhooks ×10, reordered, late, three in ten followed by a forged one');
    await provider.setWebhooks({ duplicates: 10, reorder: true, delayMs: LATE_MS, forgedShare: 0.3 });
    await provider.setMode({ mode: 'charge-then-timeout', probability: LOST_SHARE });
    await run.pause(WEBHOOKS_MS);
    await provider.setMode({ mode: 'none' });
    await provider.setWebhooks({});
    run.say(`the last ${REPLAYED} sent again, as they were signed`);
    await provider.replayWebhooks(REPLAYED);
    const drain_ms = await drained(run.cluster, DRAINED_WITHIN_MS);
    return [
      ...counted(before, await provider.webhooks()),
      { name: 'drained after', value: drain_ms / 1_000, unit: 's', most: DRAINED_WITHIN_MS / 1_000 },
    ];
  },
};

function counted(before: WebhookCounts, after: WebhookCounts): Measure[] {
  const since = (count: 'accepted' | 'forgedSent' | 'forgedAccepted') => after[count] - before[count];
  return [
    { name: 'webhooks accepted', value: since('accepted'), unit: '', least: 1 },
    { name: 'forged ones sent', value: since('forgedSent'), unit: '', least: 1 },
    { name: 'forged ones accepted', value: since('forgedAccepted'), unit: '', most: 0 },
  ];
}
