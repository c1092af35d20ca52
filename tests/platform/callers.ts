// Everybody who calls the platform in the journeys, each with a token of its own.
import { inject } from 'vitest';
import { type GatewayClient, gatewayClient } from '../client/gateway-client.ts';
import { type Claims, standardClaims, type TokenMaker, tokenMaker } from '../client/tokens.ts';
import type { PlatformSheet } from './global-setup.ts';
import { ACME, LONDON, MANCHESTER, POOR, RIVAL } from './wholesaler.ts';

const CALLERS = {
  buyer: { role: 'buyer', partner: ACME },
  rival: { role: 'buyer', partner: RIVAL },
  poor: { role: 'buyer', partner: POOR },
  approver: { role: 'approver', partner: ACME },
  rep: { role: 'rep', partners: [ACME, POOR] },
  erp: { role: 'erp' },
  wms: { role: 'wms', warehouse: LONDON },
  otherWms: { role: 'wms', warehouse: MANCHESTER },
  operator: { role: 'operator' },
} as const;

export type CallerName = keyof typeof CALLERS;
export const CALLER_NAMES = Object.keys(CALLERS) as readonly CallerName[];

export type World = PlatformSheet &
  Readonly<Record<CallerName, GatewayClient>> &
  Readonly<{
    tokens: TokenMaker;
    tokenOf: (caller: CallerName) => string;
    as: (claims: Claims) => GatewayClient;
  }>;

/** The platform of this run and its callers; the first file that asks waits for its start. */
export async function enterPlatform(): Promise<World> {
  const answer = await fetch(inject('platformDoor'));
  if (!answer.ok) throw new Error(`The platform did not start: ${await answer.text()}`);
  // Written by global-setup.ts in the same run.
  const sheet = (await answer.json()) as PlatformSheet;
  const tokens = tokenMaker(sheet.issuerKey);
  const tokenFor = (claims: Claims) => tokens.signed({ sub: 'journey', ...standardClaims(), ...claims });
  const as = (claims: Claims) => gatewayClient(sheet.gatewayUrl, tokenFor(claims));
  const tokenOf = (caller: CallerName) => tokenFor({ ...CALLERS[caller], sub: caller });
  const clients = Object.fromEntries(
    CALLER_NAMES.map((caller) => [caller, gatewayClient(sheet.gatewayUrl, tokenOf(caller))]),
  ) as Record<CallerName, GatewayClient>;
  return { ...sheet, ...clients, tokens, tokenOf, as };
}
