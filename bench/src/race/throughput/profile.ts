// What a case spent its time on: statements as Postgres counted them, functions as the profile of the process sampled them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { z } from 'zod';

export interface StatementTime {
  readonly statement: string;
  readonly calls: number;
  readonly total_ms: number;
}

export interface FunctionTime {
  readonly name: string;
  readonly place: string;
  readonly self_ms: number;
}

const STATEMENTS_SHOWN = 15;
const FUNCTIONS_SHOWN = 25;
const STATEMENT_LENGTH = 110;

async function onStatements<Result>(databaseUrl: string, work: (sql: postgres.Sql) => Promise<Result>) {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql`create extension if not exists pg_stat_statements`;
    return await work(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** Forgets what was counted so far. */
export const resetStatements = (databaseUrl: string) =>
  onStatements(databaseUrl, async (sql) => void (await sql`select pg_stat_statements_reset()`));

/** The statements that took longest, those inside functions too. */
export const readStatements = (databaseUrl: string): Promise<readonly StatementTime[]> =>
  onStatements(databaseUrl, async (sql) => {
    const rows = await sql<StatementTime[]>`
      select query as statement, calls::float8 as calls, total_exec_time as total_ms from pg_stat_statements
      order by total_exec_time desc limit ${STATEMENTS_SHOWN}`;
    return rows.map(({ statement, ...times }) => ({
      statement: statement.replaceAll(/\s+/g, ' ').slice(0, STATEMENT_LENGTH),
      ...times,
    }));
  });

const cpuProfile = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
    }),
  ),
  samples: z.array(z.int()),
  timeDeltas: z.array(z.number()),
});

/** The functions that the newest profile of a folder found at work most, by their own time. */
export function readFunctions(folder: string): readonly FunctionTime[] {
  const file = readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .toSorted()
    .at(-1);
  if (file === undefined) return [];
  const { nodes, samples, timeDeltas } = cpuProfile.parse(
    JSON.parse(readFileSync(join(folder, file), 'utf8')),
  );
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, { name: string; place: string; self_ms: number }>();
  for (const [index, sample] of samples.entries()) {
    const frame = frames.get(sample);
    if (frame === undefined) continue;
    const name = frame.functionName || '(anonymous)';
    const place = `${frame.url.split('/').slice(-3).join('/')}:${frame.lineNumber + 1}`;
    const time = times.get(`${name} ${place}`) ?? { name, place, self_ms: 0 };
    time.self_ms += (timeDeltas[index] ?? 0) / 1_000;
    times.set(`${name} ${place}`, time);
  }
  return [...times.values()]
    .toSorted((left, right) => right.self_ms - left.self_ms)
    .slice(0, FUNCTIONS_SHOWN);
}
