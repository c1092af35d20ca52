// Wakes one waiter for whatever happened since it last looked; many rings are one.

export type Bell = Readonly<{ ring: () => void; rung: () => Promise<void> }>;

export function createBell(): Bell {
  let rang = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      if (wake === null) {
        rang = true;
        return;
      }
      wake();
      wake = null;
    },
    rung: () => {
      if (rang) {
        rang = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
  };
}
