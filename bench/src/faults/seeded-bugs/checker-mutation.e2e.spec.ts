// The checker under test: it must report every seeded bug, and accuse no run without one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StartedPlatform, startPlatform } from '@crossdock/testing/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayClient } from '../../../../tests/client/gateway-client.ts';
import { fillWholesaler, LONDON, MANCHESTER } from '../../../../tests/platform/wholesaler.ts';
import { readFeedJournal } from '../../journal/feed-journal.ts';
import { openOrderDoor } from '../../replay/placing.ts';
import type { Evidence } from '../../verify/evidence.ts';
import { INVARIANTS } from '../../verify/invariants.ts';
import { type FeedWatcher, startFeedWatcher } from '../feed-watcher.ts';
import { orderHeads } from '../order-heads.ts';
import {
  type RoundSite,
  roundOn,
  roundUnder,
  type Verdicts,
  verdictsOnSpoiltData,
  verdictsOnSpoiltJournals,
} from './bug-round.ts';
import { BUGS_IN_DATA } from './bugs-in-data.ts';
import { BUGS_IN_FUNCTIONS } from './bugs-in-functions.ts';
import { BUGS_IN_JOURNALS } from './bugs-in-journals.ts';
import { keepDatabases, type OpenDatabases } from './fresh-databases.ts';

const ACME = '10001';
/** Often enough that a feed resumes several times in a round of two seconds. */
const HANG_UP_EVERY_MS = 400;
const CONNECTIONS = 16;

let platform: StartedPlatform;
let site: RoundSite;
let journals = '';

beforeAll(async () => {
  journals = await mkdtemp(join(tmpdir(), 'feed-journals-'));
  platform = await startPlatform([LONDON, MANCHESTER]);
  const token = await platform.token({ sub: 'erp', role: 'erp' });
  await fillWholesaler(gatewayClient(platform.gatewayUrl, token));
  const { databaseUrls, journals: kept } = platform.run();
  site = {
    door: openOrderDoor(platform.gatewayUrl, token, CONNECTIONS, () => 0.5),
    fresh: await keepDatabases(databaseUrls),
    providerJournal: kept.paymentProvider,
  };
});
afterAll(async () => {
  await site?.door.close();
  await site?.fresh.close();
  await platform?.stop();
  await rm(journals, { recursive: true });
});

const broken = (verdicts: Verdicts) =>
  verdicts.filter(({ breaches }) => breaches.length > 0).map(({ number }) => number);
const told = (verdicts: Verdicts) =>
  verdicts.flatMap(({ number, breaches }) => breaches.map((breach) => `${number}: ${breach}`));

it('has a bug for every invariant', () => {
  const bugs = [...BUGS_IN_FUNCTIONS, ...BUGS_IN_DATA, ...BUGS_IN_JOURNALS];
  const tried = new Set(bugs.flatMap(({ breaks }) => breaks));
  expect(INVARIANTS.map(({ number }) => number).filter((number) => !tried.has(number))).toEqual([]);
});

describe('a run without a bug', () => {
  let open: OpenDatabases;
  let clean: { evidence: Evidence; verdicts: Verdicts };
  const watchers = new Map<string, FeedWatcher>();

  const follow = (
    subscriber: string,
    partnerId: string | null,
    claims: { role: 'erp' } | { role: 'buyer'; partner: string },
  ) =>
    startFeedWatcher({
      gatewayUrl: platform.gatewayUrl,
      token: () => platform.token({ sub: subscriber, ...claims }),
      subscriber,
      journalFolder: journals,
      partnerId,
      hangUpEvery_ms: HANG_UP_EVERY_MS,
      draw: Math.random,
      heads: () => orderHeads(open.databases.orders, partnerId),
    });

  beforeAll(async () => {
    open = site.fresh.open(2);
    watchers.set('erp', follow('erp', null, { role: 'erp' }));
    watchers.set('buyer', follow('buyer', ACME, { role: 'buyer', partner: ACME }));
    for (const { opened } of watchers.values()) await opened;
    clean = await roundOn(site, open, { name: 'clean' });
    for (const watcher of watchers.values()) {
      const { isComplete, drops } = await watcher.stop();
      expect([isComplete, drops > 0]).toEqual([true, true]);
    }
    const feedEntries = async function* () {
      for (const name of watchers.keys()) yield* readFeedJournal(join(journals, `feed-${name}.ndjson`));
    };
    clean = { ...clean, evidence: { ...clean.evidence, feedEntries } };
  });
  afterAll(() => open?.end());

  it('is not accused', () => {
    expect(told(clean.verdicts)).toEqual([]);
  });

  it('is not accused by those who followed it live', async () => {
    const harmless = { name: 'nothing', breaks: [], spoil: () => ({}) };
    expect(told(await verdictsOnSpoiltJournals(clean.evidence, harmless))).toEqual([]);
  });

  it.each(BUGS_IN_JOURNALS)('is accused of $breaks when $name', async (bug) => {
    const verdicts = await verdictsOnSpoiltJournals(clean.evidence, bug);
    expect(broken(verdicts)).toEqual(expect.arrayContaining([...bug.breaks]));
  });

  it.each(BUGS_IN_DATA)('is accused of $breaks when $name', async (bug) => {
    const verdicts = await verdictsOnSpoiltData(site.fresh, clean.evidence, bug);
    expect(broken(verdicts)).toEqual(expect.arrayContaining([...bug.breaks]));
  });
});

describe('a platform', () => {
  it.each(BUGS_IN_FUNCTIONS.filter(({ breaks }) => breaks.length > 0))(
    'is accused of $breaks when $name',
    async (bug) => {
      const verdicts = await roundUnder(site, bug);
      expect(broken(verdicts)).toEqual(expect.arrayContaining([...bug.breaks]));
    },
  );

  it.each(BUGS_IN_FUNCTIONS.filter(({ breaks }) => breaks.length === 0))(
    'is not accused when $name',
    async (bug) => {
      expect(told(await roundUnder(site, bug))).toEqual([]);
    },
  );
});
