import { CannotRun } from './cannot-run.ts';

const SEED_MAX = 0xffffffff;

/** What every bench that draws and keeps its results takes, for `parseArgs`. */
export const OPTIONS_OF_RUN = {
  seed: { type: 'string' },
  label: { type: 'string' },
  'no-write': { type: 'boolean', default: false },
} as const;

/** Readers of a command line's values; each rejects with CannotRun, what is wrong, and the usage. */
export function optionValues(usage: string) {
  const refused = (why: string) => new CannotRun(`${why}. ${usage}`);
  const whole = (flag: string, text: string, most: number): number => {
    const number = Number(text);
    if (text.trim() !== '' && Number.isInteger(number) && number >= 1 && number <= most) return number;
    throw refused(`${flag} is a whole number from 1 to ${most}, not '${text}'`);
  };
  return {
    whole,
    /** Drawn by the clock where none is given. */
    seed: (text: string | undefined, now: () => number): number =>
      whole('--seed', text ?? String((now() & 0xffffff) + 1), SEED_MAX),
    /** Calls the parser; what it complains of is said with the usage. */
    parsed: <Values>(parse: () => Values): Values => {
      try {
        return parse();
      } catch (error) {
        throw refused(error instanceof Error ? error.message : String(error));
      }
    },
    /** What a result file is called by. */
    label: (text: string | undefined, otherwise: string): string => {
      if (text === undefined) return otherwise;
      if (/^[\w.-]{1,64}$/.test(text)) return text;
      throw refused('--label is 1 to 64 letters, digits, dots and dashes');
    },
    /** The named ones, in the order of all that there are; all of them where the flag is absent. */
    list: <Name extends string>(
      flag: string,
      text: string | undefined,
      all: readonly Name[],
    ): readonly Name[] => {
      if (text === undefined) return all;
      const words = text.split(',').map((word) => word.trim());
      const unknown = words.filter((word) => !all.some((name) => name === word));
      if (unknown.length === 0) return all.filter((name) => words.includes(name));
      throw refused(`${flag} knows ${all.join(', ')}, not ${unknown.join(', ')}`);
    },
  };
}
