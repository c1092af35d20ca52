/** Milliseconds in which one line tells of all that happened under a name. */
const LINE_EVERY_MS = 60_000;

/** Says it: `count` since the last line, `detail` of the last of them. */
export type Tell<Detail> = (name: string, count: number, detail: Detail) => void;

/**
 * For what anybody may cause as often as they like: tells at once, and then at most once a minute for each name with how many there
 * were meanwhile. Names are few: they are kept. `nowMs` is monotonic.
 */
export function tellRarely<Detail>(
  tell: Tell<Detail>,
  nowMs: () => number = () => performance.now(),
): (name: string, detail: Detail) => void {
  const untold = new Map<string, { count: number; toldAt: number }>();
  return (name, detail) => {
    const now = nowMs();
    const { count, toldAt } = untold.get(name) ?? { count: 0, toldAt: Number.NEGATIVE_INFINITY };
    if (now - toldAt < LINE_EVERY_MS) {
      untold.set(name, { count: count + 1, toldAt });
      return;
    }
    untold.set(name, { count: 0, toldAt: now });
    tell(name, count + 1, detail);
  };
}
