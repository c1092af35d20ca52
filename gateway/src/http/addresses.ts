// Addresses of clients: what balancers write of them in one form, and which of them count as one client. No request is judged here.
import { isIP } from 'node:net';

/** A balancer may add the port: `192.0.2.1:443`, `[2001:db8::1]:443`. */
const WITH_PORT = /^(?:\[([^\]]*)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/;
const V4_TAIL = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/;
const GROUPS = 8;
/** Groups of the part of an IPv6 address that a site is given (/64): all that follows its owner picks at will. */
const NETWORK_GROUPS = 4;
/** ::ffff:0:0/96: IPv4 written as IPv6. */
const MAPPED = [0, 0, 0, 0, 0, 0xffff] as const;

/** The eight groups of an IPv6 address. */
export function groupsOf(address: string): number[] {
  const [unscoped = ''] = address.split('%');
  const text = unscoped.replace(V4_TAIL, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const read = (half: string) =>
    half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16));
  const [head = [], tail = []] = text.split('::').map(read);
  return [...head, ...Array<number>(GROUPS - head.length - tail.length).fill(0), ...tail];
}

/** True for an IPv6 address that is an IPv4 one in other letters. */
const isMapped = (groups: readonly number[]) => MAPPED.every((group, index) => groups[index] === group);

/** The address without port, brackets and zone, IPv4 as IPv4; null for what is no address. */
export function plainAddress(text: string): string | null {
  const [, bracketed, v4] = WITH_PORT.exec(text) ?? [];
  const address = bracketed ?? v4 ?? text;
  const version = isIP(address);
  if (version === 0) return null;
  if (version === 4) return address;
  const groups = groupsOf(address);
  if (!isMapped(groups)) return address.split('%')[0] ?? address;
  return groups
    .slice(MAPPED.length)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

/** What counts as one client: an IPv4 address, or the /64 of an IPv6 one. Other texts stand for themselves. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address).slice(0, NETWORK_GROUPS);
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`;
}
