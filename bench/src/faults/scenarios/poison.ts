// Row 16: a fault that strikes some orders only, an event of a version nobody reads yet, and a message that is none. What is
// poisoned waits for an operator; everything else flows; what was mended is replayed.
import { connect } from 'node:net';
import { drained, onDatabase, processOf } from '../../stage/pipeline.ts';
import type { FaultRun, Measure, Scenario } from '../fault-run.ts';
import { discardLetters, type Letter, parkedLetters, replayGroup } from './dead-letters.ts';

/** One order in so many meets the seeded fault. */
const STRUCK = 9;
const NOTICED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;
const FAULT_LASTS_MS = 5_000;
const DRAINED_WITHIN_MS = 60_000;
const UNREAD_VERSION = 99;
/** A group may hold more letters than one request takes, and a letter may come late. */
const REPLAYS_MAX = 60;
/** Looks in a row that find nothing struck: longer than a bisection takes. */
const CALM_LOOKS = 8;

export const poison: Scenario = {
  row: '16',
  name: 'poison: a fault for some keys, an unknown event version, a garbled message',
  topology: { replicas: 2, standbys: 0, natsNodes: 1 },
  spendsCluster: false,
  allows: { silence_ms: 3_000, failedShare: 0 },
  proves: ['deadLetters'],
  run: async (run) => {
    await run.moment(500, 2_000);
    await plantFault(run);
    await garble(run);
    const noticed_ms = await parkedWithin(run, ({ schemaVersion }) => schemaVersion !== UNREAD_VERSION);
    await sayUnreadVersion(run);
    const unread_ms = await parkedWithin(run, ({ schemaVersion }) => schemaVersion === UNREAD_VERSION);
    await run.pause(FAULT_LASTS_MS);
    const flowing = await confirmedShare(run);
    await mendFault(run);
    const mended = await mendLetters(run);
    await drained(run.cluster, DRAINED_WITHIN_MS);
    return [
      { name: 'dead letter seen after', value: noticed_ms / 1_000, unit: 's', most: 60 },
      { name: 'unknown version seen after', value: unread_ms / 1_000, unit: 's', most: 60 },
      { name: 'other orders confirmed meanwhile', value: flowing, unit: '%', least: 95 },
      ...mended,
    ];
  },
};

/** A bug that throws for one order in some, in the write itself, so that only these orders can be at fault. */
async function plantFault(run: FaultRun): Promise<void> {
  run.say(`payments fails for one order in ${STRUCK}`);
  await onDatabase(run.cluster, 'payments', async (sql) => {
    await sql.unsafe(`
      create or replace function seeded_fault() returns trigger language plpgsql as $$
      begin
        if abs(hashtext(new.order_id::text)) % ${STRUCK} = 0 then raise exception 'seeded: this order cannot be written'; end if;
        return new;
      end $$;
      create trigger seeded_fault before insert on payments for each row execute function seeded_fault()`);
  });
}

async function mendFault(run: FaultRun): Promise<void> {
  run.say('the fault is mended');
  await onDatabase(run.cluster, 'payments', (sql) => sql.unsafe('drop trigger seeded_fault on payments'));
}

/** Something that is no message at all, on the subject of the orders' facts (the NATS client protocol, spoken by hand). */
function garble({ cluster }: FaultRun): Promise<void> {
  const { port } = processOf(cluster, 'nats');
  const messages = ['{', '{"source":"orders","slices":[{}]}', ''];
  const publishes = messages.map((text) => `PUB evt.orders ${Buffer.byteLength(text)}\r\n${text}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.on('data', (bytes) => {
      if (bytes.includes('PONG')) socket.end(resolve);
    });
    socket.write(`CONNECT {"verbose":false}\r\n${publishes.join('')}PING\r\n`);
  });
}

/** An event of a version that this code cannot read, in the stream of a partner. */
async function sayUnreadVersion(run: FaultRun): Promise<void> {
  run.say(`an event of version ${UNREAD_VERSION}`);
  await onDatabase(run.cluster, 'orders', (sql) =>
    sql.unsafe(`
      with partner as (
        update partners set version = version + 1
        where partner_id = (select partner_id from partners order by partner_id limit 1) returning *)
      select log_append(array[partition], array['partner'::text], array[partner_id], array[version], array[gen_random_uuid()],
        array['PartnerRevised'::text], array[${UNREAD_VERSION}], array['{"partnerId":"' || partner_id || '"}'], array['{}'::text])
      from partner`),
  );
}

async function parkedWithin(run: FaultRun, isMeant: (letter: Letter) => boolean): Promise<number> {
  const begin = performance.now();
  for (;;) {
    const letters = await parkedLetters(run);
    if (letters.some(isMeant)) return performance.now() - begin;
    if (performance.now() - begin > NOTICED_WITHIN_MS) throw new Error('No dead letter was seen in time');
    await run.pause(LOOK_EVERY_MS);
  }
}

/** Share of the orders that the fault does not strike and that had two seconds for it: confirmed, or refused for good. */
function confirmedShare(run: FaultRun): Promise<number> {
  return onDatabase(run.cluster, 'orders', async (sql) => {
    const [row] = await sql<{ share: number | null }[]>`
      select (100.0 * avg((status <> 'PLACED')::int))::float8 as share from orders
      where abs(hashtext(order_id::text)) % ${STRUCK} <> 0 and placed_at < clock_timestamp() - interval '2 seconds'`;
    return row?.share ?? 0;
  });
}

/** Dry run, then replay of everything the fault struck; the version nobody reads is given up with a reason. */
async function mendLetters(run: FaultRun): Promise<readonly Measure[]> {
  const letters = await parkedLetters(run);
  let wouldFail = 0;
  for (const group of struckGroups(letters)) {
    const dry = await replayGroup(run, group, true, `dry-${run.repetition}-${group}`);
    wouldFail += dry.letters.filter(({ error }) => error !== null).length;
  }
  const unread = letters.filter(({ schemaVersion }) => schemaVersion === UNREAD_VERSION);
  await discardLetters(
    run,
    unread.map(({ id }) => id),
    `discard-${run.repetition}`,
  );
  const replayed = await replayStruck(run);
  const left = await parkedLetters(run);
  return [
    { name: 'dry run would fail for', value: wouldFail, unit: '', most: 0 },
    { name: 'letters replayed', value: replayed, unit: '', least: 1 },
    { name: 'letters left', value: left.length, unit: '', most: 0 },
  ];
}

/**
 * Replays until nothing struck is left, as an operator would: whichever fact of an order came first met the fault, so there is
 * a group for each type; and a batch that met it just before it was mended is still being bisected and parks its letter late.
 */
async function replayStruck(run: FaultRun): Promise<number> {
  let replayed = 0;
  let calm = 0;
  for (let time = 0; time < REPLAYS_MAX && calm < CALM_LOOKS; time += 1) {
    const groups = struckGroups(await parkedLetters(run));
    calm = groups.length === 0 ? calm + 1 : 0;
    for (const group of groups) {
      const done = await replayGroup(run, group, false, `replay-${run.repetition}-${group}-${time}`);
      replayed += done.letters.filter(({ outcome }) => outcome === 'REPLAYED').length;
    }
    await run.pause(LOOK_EVERY_MS);
  }
  return replayed;
}

const struckGroups = (letters: readonly Letter[]): readonly string[] => [
  ...new Set(letters.filter(({ error }) => error.includes('seeded')).map(({ fingerprint }) => fingerprint)),
];
