import postgres from 'postgres';
import { afterAll, expect, it } from 'vitest';
import { databaseFromTemplate, type TestDatabase } from './database-from-template.ts';

const clones: TestDatabase[] = [];
let migrations = 0;

async function withOneTable(url: string): Promise<void> {
  migrations += 1;
  const sql = postgres(url, { max: 1 });
  await sql`create table facts (id int primary key)`;
  await sql.end();
}

async function clone(): Promise<TestDatabase> {
  const database = await databaseFromTemplate('fixture_of_testing', withOneTable);
  clones.push(database);
  return database;
}

afterAll(() => Promise.all(clones.map((database) => database.drop())));

it('migrates once and gives each caller rows of its own', async () => {
  const [first, second] = await Promise.all([clone(), clone()]);
  const left = postgres(first.url, { max: 1 });
  const right = postgres(second.url, { max: 1 });
  await left`insert into facts values (1)`;
  expect(await right`select * from facts`).toHaveLength(0);
  expect(await left`select * from facts`).toHaveLength(1);
  await Promise.all([left.end(), right.end()]);
  expect(migrations).toBe(1);
});

it('drops a database that is still connected to', async () => {
  const database = await clone();
  const sql = postgres(database.url, { max: 1 });
  await sql`select 1`;
  await database.drop();
  await expect(sql`select 1`).rejects.toThrow();
  await sql.end({ timeout: 0 });
});
