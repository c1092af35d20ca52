// Writes what follows from the SDL and the contracts: resolver types, event schemas, event and error tables.
// `--check` only compares. Composes no supergraph; tools/compose does.
import { report, settle } from '../repository.ts';
import { errorTable } from './error-table.ts';
import { eventSchemas } from './event-schemas.ts';
import { eventTable } from './event-table.ts';
import { resolverTypes } from './resolver-types.ts';

const check = process.argv.includes('--check');

try {
  const files = [...(await resolverTypes()), ...eventSchemas(), await eventTable(), await errorTable()];
  const paths = await settle(files, { check, ownedFolders: ['schema/events'] });
  report(paths, { check, remedy: 'npm run generate' });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
