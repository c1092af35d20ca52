import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { keysOf } from '../token/keys.ts';
import { planServices } from './services.ts';

const dataFolder = mkdtempSync(join(tmpdir(), 'crossdock-services-'));
afterAll(() => rmSync(dataFolder, { recursive: true }));

const environments = async () => {
  const databaseUrls = { orders: '', inventory: '', payments: '', fulfillment: '' };
  const servers = { databaseUrls, natsUrl: '', redisUrl: '' };
  const keys = await keysOf(dataFolder);
  const plan = await planServices({ dataFolder, gatewayPort: 4000, keys, servers, warehouseIds: [] });
  const of = (name: string) =>
    [...plan.subgraphs, ...plan.simulators].find((service) => service.name === name)?.environment;
  return { payments: of('payments'), provider: of('payment-provider'), gatewayUrl: plan.gatewayUrl };
};

it('gives payments the secret that its provider signs webhooks with, and the provider the gateway', async () => {
  const { payments, provider, gatewayUrl } = await environments();
  expect(provider?.WEBHOOK_URL).toBe(`${gatewayUrl}/webhooks/simulator`);
  expect(provider?.WEBHOOK_SECRET).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(payments?.PAYMENT_PROVIDER_WEBHOOK_SECRET).toBe(provider?.WEBHOOK_SECRET);
});

it('keeps that secret, and makes one for a data folder from before there was one', async () => {
  const before = (await environments()).provider?.WEBHOOK_SECRET;
  expect((await environments()).provider?.WEBHOOK_SECRET).toBe(before);
  const file = join(dataFolder, 'keys', 'secrets.json');
  const { paymentProviderWebhookSecret: _gone, ...older } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(older));
  const { provider } = await environments();
  expect(provider?.WEBHOOK_SECRET).toMatch(/^whsec_/);
  expect(provider?.WEBHOOK_SECRET).not.toBe(before);
  expect(provider?.API_KEY).toBe(older.paymentProviderKey);
});
