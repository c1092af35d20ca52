// Whose word on a client's address is taken. Too many of them, and each client names its own address.
import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { groupsOf, plainAddress } from './addresses.ts';

/** The widest ranges: a private network (10.0.0.0/8), or what a provider is given of IPv6. */
const V4_BITS_MIN = 8;
const V6_BITS_MIN = 16;
/** fc00::/7 is nobody's on the internet, as a whole. */
const UNIQUE_LOCAL_BITS_MIN = 7;
const V4_BITS = 32;
const V6_BITS = 128;
const MAPPED = '::ffff:0:0';

const isUniqueLocal = (address: string) => ((groupsOf(address)[0] ?? 0) & 0xfe00) === 0xfc00;

/** ::ffff:0:0/96 as a whole or in part: IPv4 ranges in other letters, past the limit of IPv4. */
function touchesMapped(address: string, bits: number): boolean {
  const [mapped, own] = [MAPPED, address].map((each) =>
    groupsOf(each)
      .map((group) => group.toString(2).padStart(16, '0'))
      .join('')
      .slice(0, Math.min(bits, 96)),
  );
  return mapped === own;
}

/** An address, or a range of them as `10.0.0.0/8`, that is no wider than a network can be whose every machine is one's own. */
export function isTrustable(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) return false;
  if (bits !== undefined && !/^[1-9]\d{0,2}$/.test(bits)) return false;
  const width = Number(bits ?? (version === 4 ? V4_BITS : V6_BITS));
  if (version === 4) return width >= V4_BITS_MIN && width <= V4_BITS;
  const narrowest = isUniqueLocal(address) ? UNIQUE_LOCAL_BITS_MIN : V6_BITS_MIN;
  return width >= narrowest && width <= V6_BITS && !touchesMapped(address, width);
}

/** True for an address, with or without its port, that is in one of the ranges. */
export function createTrust(proxies: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  return (text) => {
    const address = plainAddress(text);
    return address !== null && trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  };
}

/** Who asks: as a trusted balancer names it, or the connection's own address where that is no address. */
export function clientAddressOf({ ip, socket }: FastifyRequest): string {
  return plainAddress(ip) ?? plainAddress(socket.remoteAddress ?? '') ?? '';
}
