/** What a link does to the bytes that cross it. Latency and bandwidth count for each direction by itself. */
export type LinkFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'latency'; readonly ms: number; readonly jitter_ms?: number }
  | { readonly kind: 'black-hole' }
  | { readonly kind: 'one-way'; readonly lost: Way }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'half-close' }
  | { readonly kind: 'bandwidth'; readonly bytes_per_s: number };

export type Way = 'to-server' | 'to-client';

/** Whether what is sent this way never arrives. */
export function swallows(fault: LinkFault, way: Way): boolean {
  return fault.kind === 'black-hole' || (fault.kind === 'one-way' && fault.lost === way);
}

/** Milliseconds that bytes spend under way; `draw` in [0, 1) places them within the jitter. */
export function delayOf(fault: LinkFault, draw: number): number {
  return fault.kind === 'latency' ? fault.ms + draw * (fault.jitter_ms ?? 0) : 0;
}

/** A slow line sends in pieces that take this long, so that it trickles rather than bursts. */
const PIECE_MS = 50;

/** Bytes of a piece that the line takes at once; everything where the line is not slow. */
export function pieceOf(fault: LinkFault): number {
  if (fault.kind !== 'bandwidth') return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.ceil((fault.bytes_per_s * PIECE_MS) / 1000));
}

/** Milliseconds the line is taken by so many bytes. */
export function lineTimeOf(fault: LinkFault, bytes: number): number {
  return fault.kind === 'bandwidth' ? (bytes / fault.bytes_per_s) * 1000 : 0;
}
