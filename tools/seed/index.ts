/** Fills a fresh platform through its public API. It starts nothing. */
export { type GatewayClient, gatewayClient } from './gateway-client.ts';
export { WAREHOUSES } from './rows.ts';
export { type Seeded, seed } from './seed.ts';
