import type { Sql } from '@crossdock/event-store';
import { type KnownPartner, loadPartners } from '../store/partners.ts';

/** Milliseconds a request waits for partners whose registration is still on its way here, and between looks. */
const PARTNER_WAIT_MS = 2_000;
const PARTNER_POLL_MS = 50;

/** Reads partners, and waits a little for those that were registered with orders a moment ago. */
export async function arrivedPartners(sql: Sql, ids: readonly string[]): Promise<Map<string, KnownPartner>> {
  const until = performance.now() + PARTNER_WAIT_MS;
  for (;;) {
    const partners = await loadPartners(sql, ids);
    if (partners.size === ids.length || performance.now() >= until) return partners;
    await new Promise((resolve) => setTimeout(resolve, PARTNER_POLL_MS));
  }
}
