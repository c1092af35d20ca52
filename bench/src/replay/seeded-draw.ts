/** Numbers in [0, 1), the same for the same seed (xorshift32, G. Marsaglia 2003); for load, never for secrets. */
export function seededDraw(seed: number): () => number {
  // Weyl's constant keeps the seed 0, on which xorshift would stand still, apart from it.
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
