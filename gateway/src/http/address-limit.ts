import { networkOf } from './addresses.ts';

/** Milliseconds of a window. */
export const WINDOW_MS = 10_000;
/** Addresses that are counted; beyond them the one whose window began first is forgotten. */
const ADDRESSES_MAX = 10_000;

/** Counts a request of an address, all of a /64 of IPv6 together; false beyond its limit. */
export type AddressLimit = (address: string, nowMs: number) => boolean;

type AddressWindow = { since: number; requests: number };

/**
 * Counts requests of each address, `requestsMax` in a window of its own, in this process alone: it guards the process, and bills
 * nobody.
 */
export function createAddressLimit(requestsMax: number): AddressLimit {
  const windows = new Map<string, AddressWindow>();
  return (address, nowMs) => {
    const network = networkOf(address);
    const known = windows.get(network);
    if (known !== undefined && nowMs - known.since < WINDOW_MS) {
      known.requests += 1;
      return known.requests <= requestsMax;
    }
    // Deleted first, so that the map stays ordered by the begin of windows.
    windows.delete(network);
    windows.set(network, { since: nowMs, requests: 1 });
    const [oldest] = windows.keys();
    if (windows.size > ADDRESSES_MAX && oldest !== undefined) windows.delete(oldest);
    return true;
  };
}
