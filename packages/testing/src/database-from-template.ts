import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { requiredServerUrls } from './config.ts';

export interface TestDatabase {
  readonly url: string;
  /** Ends its connections and drops it; call it in `afterAll`. */
  readonly drop: () => Promise<void>;
}

type Sql = ReturnType<typeof postgres>;

/**
 * A database of its own for one test file, cloned from a template that `migrate` fills once in a test run.
 * `name` names the migration set (such as `orders`); `migrate` gets a URL and closes its connections before it resolves.
 */
export async function databaseFromTemplate(
  name: string,
  migrate: (url: string) => Promise<unknown>,
): Promise<TestDatabase> {
  const sql = connection('postgres');
  const clone = `test_${name}_${randomBytes(5).toString('hex')}`;
  try {
    const template = await ensureTemplate(sql, name, migrate);
    await sql`create database ${sql(clone)} template ${sql(template)}`;
  } finally {
    await sql.end();
  }
  return { url: urlOf(clone), drop: () => dropped(clone) };
}

/** The advisory lock of the template's name makes one worker migrate while the others wait. */
async function ensureTemplate(
  sql: Sql,
  name: string,
  migrate: (url: string) => Promise<unknown>,
): Promise<string> {
  const template = `template_${name}`;
  const unfinished = `unfinished_${name}`;
  await sql`select pg_advisory_lock(hashtext(${template}))`;
  try {
    const [existing] = await sql`select 1 from pg_database where datname = ${template}`;
    if (existing) return template;
    await sql`drop database if exists ${sql(unfinished)} with (force)`;
    await sql`create database ${sql(unfinished)}`;
    await migrate(urlOf(unfinished));
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${unfinished}`;
    await sql`alter database ${sql(unfinished)} rename to ${sql(template)}`;
    return template;
  } finally {
    await sql`select pg_advisory_unlock(hashtext(${template}))`;
  }
}

async function dropped(database: string): Promise<void> {
  const sql = connection('postgres');
  try {
    await sql`drop database if exists ${sql(database)} with (force)`;
  } finally {
    await sql.end();
  }
}

function connection(database: string): Sql {
  return postgres(urlOf(database), { max: 1, onnotice: () => undefined });
}

function urlOf(database: string): string {
  const url = new URL(requiredServerUrls().databaseUrl);
  url.pathname = `/${database}`;
  return url.toString();
}
