const BAR_WIDTH = 30;
const BAR_EVERY_MS = 200;
const LINE_EVERY_MS = 2_000;

export interface Progress {
  readonly stop: () => void;
}

/** How far something came: `done` of `total`, and a few words. */
export interface Advance {
  readonly done: number;
  readonly total: number;
  readonly words: string;
}

/** Shows progress on standard error until stopped: a bar on a terminal, else a line every two seconds. */
export function showProgress(look: () => Advance, out: NodeJS.WriteStream = process.stderr): Progress {
  const onTerminal = out.isTTY === true;
  const show = () => out.write(onTerminal ? `\r\x1b[K${bar(look())}` : `${plain(look())}\n`);
  const timer = setInterval(show, onTerminal ? BAR_EVERY_MS : LINE_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      show();
      if (onTerminal) out.write('\n');
    },
  };
}

export function bar({ done, total, words }: Advance): string {
  const full = total === 0 ? BAR_WIDTH : Math.round((BAR_WIDTH * done) / total);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}] ${plain({ done, total, words })}`;
}

function plain({ done, total, words }: Advance): string {
  return `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${words}`;
}
