// A bound on work under way; what is beyond it waits in the order it came.

export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

export function createLimiter(max: number): Limiter {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  const place = () =>
    new Promise<void>((resolve) => {
      if (underWay < max) {
        underWay += 1;
        resolve();
      } else {
        waiting.push(resolve);
      }
    });
  return async (work) => {
    await place();
    try {
      return await work();
    } finally {
      // The place is handed on, so that the count stays.
      const next = waiting.shift();
      if (next === undefined) underWay -= 1;
      else next();
    }
  };
}
