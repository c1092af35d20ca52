import type { Sql } from '@crossdock/event-store';
import type { KeyWrite, WriteVerdict } from './write-payments.ts';

/** Tells what stands under the key, storing nothing. A replay is a write of its own, and so proves what it answers. */
export async function checkKey(
  sql: Sql,
  { scope, operation, key, fingerprint }: Omit<KeyWrite, 'result'>,
): Promise<WriteVerdict> {
  const [row] = await sql<WriteVerdict[]>`
    SELECT verdict, result FROM log_check_keys(
      ARRAY[${scope}::text], ${operation}::text, ARRAY[${key}::text], ARRAY[${fingerprint}::text])`;
  if (row === undefined) throw new Error('log_check_keys answered nothing');
  return row;
}
