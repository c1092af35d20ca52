import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPaymentProvider } from './payment-provider/server.ts';
import type { RunningServer } from './server/run-process.ts';
import { startWms } from './wms/server.ts';

let folder: string;
const servers = new Map<string, RunningServer>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contracts-'));
  const every = {
    HOST: '127.0.0.1',
    PORT: 0,
    LOG_LEVEL: 'silent',
    API_KEY: 'a-key-for-tests',
    MODE: 'none',
  } as const;
  const wms = { GATEWAY_URL: 'http://127.0.0.1:9', WMS_TOKENS_FILE: join(folder, 'tokens.json'), PICK_MS: 0 };
  const journalFile = (name: string) => ({ JOURNAL_FILE: join(folder, `${name}.ndjson`) });
  const payments = {
    AUTHORISATION_VALID_MS: 60_000,
    CAPTURES_ONCE: false,
    WEBHOOK_STYLE: 'standard',
  } as const;
  servers.set(
    'payment-provider',
    await startPaymentProvider({ ...every, ...payments, ...journalFile('payments') }),
  );
  servers.set('wms', await startWms({ ...every, ...journalFile('wms'), ...wms }));
});
afterAll(async () => {
  for (const server of servers.values()) await server.stop();
  await rm(folder, { recursive: true });
});

it.each(['payment-provider', 'wms'])(
  'serves every operation that the contract of the %s names',
  async (name) => {
    const app = servers.get(name)?.frame.app;
    await app?.ready();
    const contract = await readFile(new URL(`../../docs/${name}.openapi.yaml`, import.meta.url), 'utf8');
    const operations = [...contract.matchAll(/^ {2}(\/\S+):$|^ {4}(get|post|put):$/gm)];
    let url = '';
    const missing: string[] = [];
    for (const [, path, method] of operations) {
      if (path !== undefined) url = path.replaceAll(/\{(\w+)\}/g, ':$1');
      else if (method !== undefined && app?.hasRoute({ method: method.toUpperCase(), url }) !== true) {
        missing.push(`${method} ${url}`);
      }
    }
    expect(operations.length).toBeGreaterThan(8);
    expect(missing).toEqual([]);
  },
);
