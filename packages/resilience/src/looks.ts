/** Something that is looked at again and again until it is stopped. */
export type Looks = Readonly<{
  /** Looks again as soon as may be: at once, or right behind the look under way, which may have begun too early to see it. */
  wake: () => void;
  /** Resolves when the look under way has ended; none follows. */
  stop: () => Promise<void>;
}>;

/** Looks at once, then `everyMs` milliseconds after each look ended, or when it is woken. `look` never rejects. */
export function startLooks(look: () => Promise<void>, everyMs: number): Looks {
  let isStopped = false;
  let isWoken = false;
  let endSleep: () => void = () => undefined;

  function sleep(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      endSleep = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      isWoken = false;
      await look();
      if (!isStopped && !isWoken) await sleep();
    }
  }

  const done = run();
  return {
    wake: () => {
      isWoken = true;
      endSleep();
    },
    stop: async () => {
      isStopped = true;
      endSleep();
      await done;
    },
  };
}
