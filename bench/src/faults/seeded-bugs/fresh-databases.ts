// Puts the four databases of a running platform back to where they once were, between one round and the next, without
// restarting anything: the workers lose their leases and find an earlier log when they take them anew.
import postgres, { type Sql } from 'postgres';
import { SUBGRAPHS, type Subgraph } from '../../platform/run-file.ts';
import type { Databases } from './bug.ts';

export interface FreshDatabases {
  /** Puts the databases back and resolves when every worker has taken its lease anew. */
  readonly restore: () => Promise<void>;
  /** Connections to the databases; whoever asks ends them. */
  readonly open: (connections: number) => OpenDatabases;
  readonly close: () => Promise<void>;
}

export interface OpenDatabases {
  readonly databases: Databases;
  readonly end: () => Promise<void>;
}

type Urls = Readonly<Record<Subgraph, string>>;

/** Epochs and order numbers of a round begin so far behind those of the round before that none comes twice. */
const ROUND_STEP = 1_000;
const LEASE_WITHIN_MS = 20_000;
const LOOK_EACH_MS = 20;
const END_WITHIN_S = 2;
/** A service that works while everything is locked may make a deadlock, which ends by an error of ours. */
const LOCK_ATTEMPTS = 5;

/** Keeps the databases as they are now; the platform must be at rest. */
export async function keepDatabases(urls: Urls): Promise<FreshDatabases> {
  const open = (connections: number) => opened(urls, connections);
  const { databases, end } = open(1);
  const everywhere = async (work: (sql: Sql) => Promise<unknown>) =>
    void (await Promise.all(SUBGRAPHS.map((subgraph) => work(databases[subgraph]))));
  await everywhere((sql) => sql.unsafe(NEVER_CLOSE));
  await everywhere((sql) => sql.unsafe(KEEP));
  let round = 0;
  return {
    open,
    restore: async () => {
      round += 1;
      await everywhere(lockLeases);
      await everywhere((sql) => repeated(LOCK_ATTEMPTS, () => sql.unsafe(RESTORE)));
      await everywhere((sql) => moveOn(sql, round * ROUND_STEP));
      await databases.orders`select setval('order_number_blocks', ${round * ROUND_STEP})`;
      await everywhere(freeLeases);
      await everywhere(leaseTaken);
    },
    close: end,
  };
}

function opened(urls: Urls, connections: number): OpenDatabases {
  const of = (subgraph: Subgraph) =>
    postgres(urls[subgraph], { max: connections, onnotice: () => undefined });
  const databases = {
    orders: of('orders'),
    inventory: of('inventory'),
    payments: of('payments'),
    fulfillment: of('fulfillment'),
  };
  const end = async () =>
    void (await Promise.all(SUBGRAPHS.map((each) => databases[each].end({ timeout: END_WITHIN_S }))));
  return { databases, end };
}

/** Putting databases back is what closes a log; here it is done on purpose, with all four at once. */
const NEVER_CLOSE = `
create or replace function log_close_if_behind(_witness text, _partition int[], _position bigint[]) returns text
language sql as $$ select null::text $$`;

const KEEP = `
do $$ declare t record; begin
  create schema kept;
  for t in select tablename as name from pg_tables where schemaname = 'public' loop
    execute format('create table kept.%I as table public.%I', t.name, t.name);
  end loop;
  create table kept.pg_functions as
    select oid as id, pg_get_functiondef(oid) as text from pg_proc
    where pronamespace = 'public'::regnamespace and prokind = 'f';
end $$`;

/** Triggers and foreign keys stay out of it: what is written has stood there before. */
const RESTORE = `
do $$ declare t record; begin
  set local session_replication_role = replica;
  execute (select 'truncate ' || string_agg(format('public.%I', tablename), ', ' order by tablename)
           from pg_tables where schemaname = 'public' and tablename <> 'leases');
  for t in select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'leases' loop
    execute format('insert into public.%I overriding system value table kept.%I', t.name, t.name);
  end loop;
  for t in select f.text from kept.pg_functions f where pg_get_functiondef(f.id) <> f.text loop
    execute t.text;
  end loop;
end $$`;

async function repeated(attempts: number, work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

/** Nobody works from here on: whoever held the lease has lost it, and nobody can take it. */
const lockLeases = (sql: Sql) =>
  sql`update leases set owner = 'nobody', epoch = epoch + 1, expires_at = 'infinity'`;

/** Whoever worked before is fenced off from what it finds now. */
async function moveOn(sql: Sql, epoch: number): Promise<void> {
  await sql`update leases set epoch = ${epoch}`;
  await sql`update offsets set epoch = ${epoch}`;
  await sql`update intents set epoch = ${epoch}`;
}

const freeLeases = (sql: Sql) => sql`update leases set expires_at = '-infinity'`;

async function leaseTaken(sql: Sql): Promise<void> {
  for (const until = Date.now() + LEASE_WITHIN_MS; Date.now() < until; ) {
    const [lease] = await sql`select 1 from leases where name = 'worker' and owner <> 'nobody'`;
    if (lease !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EACH_MS));
  }
  throw new Error('a worker does not come back');
}
