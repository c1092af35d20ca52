// The checker under test: it must report every seeded bug, and accuse no run without one.
import { dirname } from 'node:path';
import { type StartedPlatform, startPlatform } from '@crossdock/testing/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayClient } from '../../../../tests/client/gateway-client.ts';
import { fillWholesaler, LONDON, MANCHESTER } from '../../../../tests/platform/wholesaler.ts';
import { readFeedJournal } from '../../journal/feed-journal.ts';
import { openOrderDoor } from '../../replay/placing.ts';
import type { Evidence } from '../../verify/evidence.ts';
import { INVARIANTS } from '../../verify/invariants.ts';
import { readOrderRows } from '../../verify/order-rows.ts';
import { startFeedWatcher } from '../feed-watcher.ts';
import {
  cleanRound,
  type RoundSite,
  roundUnder,
  type Verdicts,
  verdictsOnSpoiltData,
  verdictsOnSpoiltJournals,
} from './bug-round.ts';
import { BUGS_IN_DATA } from './bugs-in-data.ts';
import { BUGS_IN_FUNCTIONS } from './bugs-in-functions.ts';
import { BUGS_IN_JOURNALS } from './bugs-in-journals.ts';
import { type FreshDatabases, keepDatabases } from './fresh-databases.ts';

let platform: StartedPlatform;
let fresh: FreshDatabases;
let site: RoundSite;

const CONNECTIONS = 16;
const PATIENT = { timeout: 60_000 };

beforeAll(async () => {
  platform = await startPlatform([LONDON, MANCHESTER]);
  const token = await platform.token({ sub: 'erp', role: 'erp' });
  await fillWholesaler(gatewayClient(platform.gatewayUrl, token));
  const door = openOrderDoor(platform.gatewayUrl, token, CONNECTIONS, () => 0.5);
  const { databaseUrls, journals } = platform.run();
  fresh = await keepDatabases(databaseUrls);
  site = { door, fresh, providerJournal: journals.paymentProvider };
});
afterAll(async () => {
  await site?.door.close();
  await fresh?.close();
  await platform?.stop();
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

describe('a run', () => {
  it('is not accused without a bug', PATIENT, async () => {
    await cleanRound(site, 'clean', async (_evidence, verdicts) => {
      expect(told(verdicts)).toEqual([]);
    });
  });
  for (const [index, bug] of BUGS_IN_FUNCTIONS.entries()) {
    it(`is judged rightly: ${bug.name}`, PATIENT, async () => {
      const begin = performance.now();
      const verdicts = await roundUnder(site, `round${index}`, bug);
      console.log(
        bug.name,
        Math.round(performance.now() - begin),
        JSON.stringify(broken(verdicts)),
        bug.breaks,
      );
      if (bug.breaks.length === 0) expect(told(verdicts)).toEqual([]);
      else expect(broken(verdicts)).toEqual(expect.arrayContaining([...bug.breaks]));
    });
  }
});
