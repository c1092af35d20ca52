// Preloaded into the processes of a fault run: their wall clock goes wrong by the milliseconds that stand in a file of
// their port. The monotonic clock stays right, as it does on a machine whose time is set.
import { readFileSync } from 'node:fs';

const { CLOCK_FOLDER, PORT } = process.env;
const LOOK_EVERY_MS = 200;
const RightDate = Date;
let skew_ms = 0;

function look() {
  try {
    skew_ms = Number(readFileSync(`${CLOCK_FOLDER}/${PORT}`, 'utf8'));
  } catch {
    // No file: the clock is right.
    skew_ms = 0;
  }
}

class WrongDate extends RightDate {
  constructor(...given) {
    if (given.length === 0) super(RightDate.now() + skew_ms);
    else super(...given);
  }

  static now() {
    return RightDate.now() + skew_ms;
  }
}

if (CLOCK_FOLDER !== undefined) {
  globalThis.Date = WrongDate;
  setInterval(look, LOOK_EVERY_MS).unref();
}
