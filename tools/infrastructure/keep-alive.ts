/** A process of a local run that is started again when it ends by itself, within bounds. */

export interface Running {
  readonly pid: number;
  /** Resolves with the reason when it is gone; never rejects. */
  readonly gone: Promise<string>;
  /** Stops it in order, by force when it takes too long; resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

/** What a start needs of whoever asked for it. */
export interface Birth {
  /** Told the process id as soon as there is one. */
  readonly spawned: (pid: number) => void;
  /** Aborted when nobody wants the process any more: the start then fails soon. */
  readonly signal: AbortSignal;
}

export type Start = (birth: Birth) => Promise<Running>;

/** What the owner of a run is told about its processes. */
export interface Watch {
  readonly started: (name: string, pid: number) => void;
  readonly ended: (name: string, pid: number) => void;
  readonly say: (line: string) => void;
  /** Aborted when the run shall not go on. */
  readonly signal: AbortSignal;
}

export interface KeptAlive {
  readonly stop: () => Promise<void>;
}

/** More ends than this within the window mean that starting again does not help. */
const MAX_ENDS = 5;
const WINDOW_MS = 60_000;
const FIRST_PAUSE_MS = 500;

/** Starts a process and keeps it alive. Rejects when the first start fails; later failures count as ends. */
export async function keptAlive(name: string, start: Start, watch: Watch): Promise<KeptAlive> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([watch.signal, stopping.signal]);
  let running = launched(name, start, watch, signal);
  await running;

  const guard = async () => {
    const ends: number[] = [];
    while (!signal.aborted) {
      const why = await (await running).gone;
      if (signal.aborted) return;
      ends.push(Date.now());
      const recent = ends.filter((end) => end > Date.now() - WINDOW_MS).length;
      if (recent > MAX_ENDS) {
        return watch.say(`${name} ended ${recent} times within a minute and stays down (${why}).`);
      }
      const pause_ms = FIRST_PAUSE_MS * 2 ** (recent - 1);
      watch.say(`${name} ended (${why}); starting it again in ${pause_ms / 1000} s.`);
      await pause(pause_ms, signal);
      if (!signal.aborted) running = launched(name, start, watch, signal).catch(failedStart);
    }
  };
  void guard();

  const stop = async () => {
    stopping.abort();
    await (await running).stop();
  };
  return { stop };
}

async function launched(name: string, start: Start, watch: Watch, signal: AbortSignal): Promise<Running> {
  let pid = 0;
  const spawned = (born: number) => {
    pid = born;
    watch.started(name, pid);
  };
  try {
    const running = await start({ spawned, signal });
    void running.gone.then(() => watch.ended(name, running.pid));
    return running;
  } catch (error) {
    watch.ended(name, pid);
    throw error;
  }
}

/** A failed start looks like a process that ended at once, so that one rule bounds both. */
function failedStart(error: unknown): Running {
  const [why = 'it could not be started'] = error instanceof Error ? error.message.split('\n') : [];
  return { pid: 0, gone: Promise.resolve(why), stop: async () => undefined };
}

function pause(length_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, length_ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
