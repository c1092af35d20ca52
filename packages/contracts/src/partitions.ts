/** Sub-logs of every subgraph. A partner and all that belongs to it lives in one of them, the same in all subgraphs. */
export const PARTITION_COUNT = 8;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The partition a new stream or a partner first seen gets: 32-bit FNV-1a over UTF-16 code units, folded once, modulo
 * the count (http://www.isthe.com/chongo/tech/comp/fnv/). A partner's partition is stored when first seen and never
 * computed again, so that a later growth moves nobody.
 */
export function partitionOf(key: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), FNV_PRIME);
  }
  return ((hash ^ (hash >>> 15)) >>> 0) % PARTITION_COUNT;
}
