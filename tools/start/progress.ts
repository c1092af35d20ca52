/** Progress for a person: a moving line with the time passed on a terminal, plain lines elsewhere. */

export interface Progress {
  /** Shows `label` while `work` runs; `note` says how far it is. */
  readonly step: <Result>(
    label: string,
    work: (note: (text: string) => void) => Promise<Result>,
  ) => Promise<Result>;
  /** A line of its own. */
  readonly say: (line: string) => void;
}

type Output = NodeJS.WriteStream;

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** Without a terminal: a step longer than this says that it is alive. */
const HEARTBEAT_MS = 10_000;
const CLEAR_LINE = '\r\x1b[2K';

/** Progress on `output`. */
export function progressOn(output: Output): Progress {
  return output.isTTY ? movingProgress(output) : plainProgress(output);
}

function secondsSince(started_ms: number): string {
  return `${((Date.now() - started_ms) / 1000).toFixed(1)} s`;
}

function movingProgress(output: Output): Progress {
  let draw: (() => void) | undefined;
  const say = (line: string) => {
    output.write(`${draw ? CLEAR_LINE : ''}${line}\n`);
    draw?.();
  };
  const step: Progress['step'] = async (label, work) => {
    const started_ms = Date.now();
    let noted = '';
    let frame = 0;
    draw = () => {
      const text = `${FRAMES[frame % FRAMES.length]} ${label} ${noted} ${secondsSince(started_ms)}`;
      output.write(`${CLEAR_LINE}${text.slice(0, output.columns)}`);
    };
    const timer = setInterval(() => {
      frame += 1;
      draw?.();
    }, FRAME_MS);
    try {
      const result = await work((text) => {
        noted = text;
      });
      output.write(`${CLEAR_LINE}✓ ${label} ${noted} ${secondsSince(started_ms)}\n`);
      return result;
    } catch (error) {
      output.write(`${CLEAR_LINE}✗ ${label} ${noted} ${secondsSince(started_ms)}\n`);
      throw error;
    } finally {
      clearInterval(timer);
      draw = undefined;
    }
  };
  return { step, say };
}

function plainProgress(output: Output): Progress {
  const say = (line: string) => void output.write(`${line}\n`);
  const step: Progress['step'] = async (label, work) => {
    const started_ms = Date.now();
    let noted = '';
    say(`${label} …`);
    const timer = setInterval(
      () => say(`  still: ${label} ${noted} ${secondsSince(started_ms)}`),
      HEARTBEAT_MS,
    );
    try {
      const result = await work((text) => {
        noted = text;
      });
      say(`  done: ${noted} ${secondsSince(started_ms)}`.replace(':  ', ': '));
      return result;
    } finally {
      clearInterval(timer);
    }
  };
  return { step, say };
}
