const LOOK_EACH_MS = 50;
const WITHIN_MS = 40_000;

/** Looks again until what is seen is as wanted; answers it as it was seen last, for the test to say what was wrong. */
export async function eventually<Seen>(
  look: () => Promise<Seen>,
  isWanted: (seen: Seen) => boolean,
  within_ms: number = WITHIN_MS,
): Promise<Seen> {
  const until = performance.now() + within_ms;
  for (;;) {
    const seen = await look();
    if (isWanted(seen) || performance.now() > until) return seen;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EACH_MS));
  }
}
