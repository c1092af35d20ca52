import type { Readable } from 'node:stream';
import { networkOf } from './addresses.ts';

/** Counts a body that is to come from an address until it is here or broke off; false when too many of that network are. */
export type BodiesOfAddress = (address: string, body: Readable) => boolean;

/** At most `atOnceMax` bodies under way from each address, all of a /64 of IPv6 together. It holds no more entries than bodies. */
export function createBodiesOfAddress(atOnceMax: number): BodiesOfAddress {
  const underWay = new Map<string, number>();
  return (address, body) => {
    const network = networkOf(address);
    const before = underWay.get(network) ?? 0;
    if (before >= atOnceMax) return false;
    underWay.set(network, before + 1);
    // A request closes when its last byte was read or its connection ended, long before its reply does.
    body.once('close', () => {
      const left = (underWay.get(network) ?? 0) - 1;
      if (left > 0) underWay.set(network, left);
      else underWay.delete(network);
    });
    return true;
  };
}
