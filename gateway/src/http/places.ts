/** So many at once, and so many that wait for one of them, in the order they came. */
export type Places = Readonly<{
  /** True with a place, which `leave` gives back; false when too many wait. Rejects with the signal's reason, and waits no longer. */
  enter: (signal: AbortSignal) => Promise<boolean>;
  leave: () => void;
}>;

export function createPlaces(atOnceMax: number, waitingMax: number): Places {
  let taken = 0;
  const waiting = new Set<() => void>();
  return {
    enter: async (signal) => {
      signal.throwIfAborted();
      if (taken < atOnceMax) {
        taken += 1;
        return true;
      }
      if (waiting.size >= waitingMax) return false;
      await new Promise<void>((resolve, reject) => {
        const giveUp = () => {
          waiting.delete(goOn);
          reject(signal.reason);
        };
        const goOn = () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        };
        waiting.add(goOn);
        signal.addEventListener('abort', giveUp, { once: true });
      });
      return true;
    },
    leave: () => {
      const [next] = waiting;
      if (next === undefined) {
        taken -= 1;
        return;
      }
      // The place passes to whoever waited longest, so that nobody who comes meanwhile gets in before.
      waiting.delete(next);
      next();
    },
  };
}
