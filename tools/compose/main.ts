// Composes the supergraph of schema/ and proves that a real gateway loads it; `--check` only compares.
// Runs no server and calls none.
import { report, settle } from '../repository.ts';
import { apiOf, compose } from './compose.ts';

process.env.APOLLO_TELEMETRY_DISABLED = '1';
// The gateway warns in development about settings that only a serving process needs.
process.env.NODE_ENV ??= 'production';

const check = process.argv.includes('--check');

try {
  const { supergraph, hints } = await compose();
  for (const hint of hints) console.warn(`hint: ${hint}`);
  const files = [
    { path: 'schema/supergraph.graphql', text: supergraph },
    { path: 'schema/api.graphql', text: await apiOf(supergraph) },
  ];
  report(await settle(files, { check }), { check, remedy: 'npm run compose' });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
