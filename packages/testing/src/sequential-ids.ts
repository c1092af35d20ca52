const DIGITS = 12;

/** Ids in the shape of UUIDv7 that count from 1; `family` (one hexadecimal digit) keeps two sequences apart. */
export function sequentialIds(family = '0'): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `0000000${family}-0000-7000-8000-${count.toString(16).padStart(DIGITS, '0')}`;
  };
}
