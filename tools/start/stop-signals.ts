/** Ctrl-C and its kin: the first asks for an orderly stop, another one for a quick end. */
export interface StopSignals {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Resolves at the first signal. */
  readonly asked: Promise<void>;
  /** What a later signal does. */
  readonly onHurry: (act: () => void) => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C arrives up to three times: from the terminal, from npm, from the bootstrap. */
const SAME_KEYSTROKE_MS = 1_000;

/** Listens from now to the end of the process. */
export function stopSignals(): StopSignals {
  const stopping = new AbortController();
  let hurry: () => void = () => undefined;
  let first_ms = 0;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (!stopping.signal.aborted) {
        first_ms = Date.now();
        stopping.abort();
      } else if (Date.now() - first_ms > SAME_KEYSTROKE_MS) {
        hurry();
      }
    });
  }
  const asked = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  return {
    signal: stopping.signal,
    asked,
    onHurry: (act) => {
      hurry = act;
    },
  };
}
