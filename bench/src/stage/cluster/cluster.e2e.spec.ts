import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenFor } from '@crossdock/tools/start';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isAlive } from '../../platform/process-clock.ts';
import { readRunFile } from '../../platform/run-file.ts';
import { type Cluster, forgetCluster, startCluster } from './index.ts';

const ORDERS = 8;
const PARTNER = '17850';
/** As long as a client of a wholesaler would go on asking. */
const PATIENCE_MS = 40_000;
const ASK_AGAIN_MS = 200;

const PLACE = `mutation PlaceInCluster($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { id } userErrors { code } }
}`;
const READ = 'query ReadInCluster($id: ID!) { order(id: $id) { status } }';

let cluster: Cluster;
let token = '';
let hasStopped = false;
const dataDir = mkdtempSync(join(tmpdir(), 'crossdock-cluster-'));

beforeAll(async () => {
  chmodSync(dataDir, 0o755);
  cluster = await startCluster({
    dataDir,
    replicas: 2,
    standbys: 1,
    natsNodes: 1,
    seed: true,
    say: (line) => void process.stderr.write(`${line}\n`),
    signal: new AbortController().signal,
  });
  token = await tokenFor(cluster.keys, { sub: 'erp', role: 'erp' }, 600);
});
afterAll(async () => {
  if (!hasStopped) await cluster.stop();
  forgetCluster(dataDir);
});

async function ask(query: string, variables: object): Promise<string> {
  const reply = await fetch(`${cluster.gatewayUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return reply.text();
}

/** Asks until the answer has what is looked for, as a client does that repeats with the same idempotency key. */
async function found(query: string, variables: object, wanted: RegExp): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const text = await ask(query, variables).catch(String);
    const match = wanted.exec(text);
    if (match !== null) return match[1] ?? match[0];
    if (Date.now() > deadline)
      throw new Error(`No ${wanted} within ${PATIENCE_MS} ms; the last answer: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

function placed(name: string): Promise<string[]> {
  const place = (_: unknown, index: number) => {
    const key = `${name}-${index}`;
    const lines = [{ sku: '85123A', quantity: 1 + index }];
    const input = { idempotencyKey: key, partnerId: PARTNER, poNumber: key, lines };
    return found(PLACE, { input }, /"order":\{"id":"([^"]+)"/);
  };
  return Promise.all(Array.from({ length: ORDERS }, place));
}

async function shipped(ids: readonly string[]): Promise<void> {
  for (const id of ids) await found(READ, { id }, /"status":"SHIPPED"/);
}

function processNamed(name: string) {
  const found = cluster.processes.get(name);
  if (found === undefined) throw new Error(`There is no process ${name}.`);
  return found;
}

it('runs two of everything, and tells who in its run file', () => {
  const { pids, gatewayUrl } = readRunFile(dataDir);
  expect(gatewayUrl).toBe(cluster.gatewayUrl);
  expect(Object.keys(pids).sort()).toEqual([...cluster.processes.keys()].sort());
  expect(cluster.serviceNames('orders')).toEqual(['orders-1', 'orders-2']);
});

it('ships what is ordered while a replica is down', async () => {
  const before = await placed('before');
  await processNamed('orders-1').kill();
  expect(processNamed('orders-1').pid()).toBeNull();
  expect(readRunFile(dataDir).pids).not.toHaveProperty('orders-1');
  await shipped([...before, ...(await placed('one-down'))]);
});

it('ships what is ordered over the promotion of the standby', async () => {
  const lost = placed('over-promotion');
  await cluster.promote('standby-1');
  expect(cluster.primary()).toBe('standby-1');
  expect(readRunFile(dataDir).databaseUrls).toEqual(cluster.databaseUrls());
  await expect(processNamed('postgres').start()).rejects.toThrow(/fenced/);
  await shipped([...(await lost), ...(await placed('after-promotion'))]);
});

it('recovers a database whose processes were all killed', async () => {
  const primary = processNamed('standby-1');
  const during = placed('over-crash');
  await primary.kill();
  await primary.start();
  await processNamed('orders-1').start();
  await shipped(await during);
  const metrics = await cluster.metrics('orders-2');
  expect(
    metrics.get('crossdock_worker_faults_total{kind="infrastructure",process="orders"}'),
  ).toBeGreaterThan(0);
});

it('is held up by a paused process, and goes on with it', async () => {
  const provider = processNamed('fulfillment-1');
  provider.pause();
  processNamed('fulfillment-2').pause();
  const ids = await placed('over-pause');
  provider.resume();
  processNamed('fulfillment-2').resume();
  await shipped(ids);
});

it('leaves no process behind', async () => {
  const { pids } = readRunFile(dataDir);
  await cluster.stop();
  hasStopped = true;
  expect(Object.values(pids).filter(isAlive)).toEqual([]);
});
