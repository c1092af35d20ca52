import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

const LOG_MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));

/** Applies the log's migrations, then the subgraph's own folder (drizzle's layout). Safe to repeat; one connection. */
export async function migrate(databaseUrl: string, subgraphMigrations: string): Promise<void> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    // The advisory lock makes two replicas that start together migrate one after the other.
    await client`SELECT pg_advisory_lock(hashtext('crossdock migrations'))`;
    const database = drizzle(client);
    await applyMigrations(database, { migrationsFolder: LOG_MIGRATIONS, migrationsTable: 'log_migrations' });
    await applyMigrations(database, {
      migrationsFolder: subgraphMigrations,
      migrationsTable: 'subgraph_migrations',
    });
  } finally {
    await client.end();
  }
}
