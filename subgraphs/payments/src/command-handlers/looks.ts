/** Something that is looked at again and again until it is stopped. */
export type Looks = Readonly<{ stop: () => Promise<void> }>;

/** Looks at once, then `everyMs` milliseconds after each look ended. `look` never rejects; stopping waits for the one under way. */
export function startLooks(look: () => Promise<void>, everyMs: number): Looks {
  let isStopped = false;
  let endSleep: () => void = () => undefined;

  async function run(): Promise<void> {
    while (!isStopped) {
      await look();
      if (isStopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        endSleep = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  const done = run();
  return {
    stop: async () => {
      isStopped = true;
      endSleep();
      await done;
    },
  };
}
