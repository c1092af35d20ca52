// Replays real orders through the public API, one placeOrder each, and tells how many came how far and how quickly.
// It starts no platform, and what it measures includes itself: the generator shares the machine and says so.
import { runMain } from '../platform/cannot-run.ts';
import { replayOptions } from './options.ts';
import { replay } from './replay.ts';

await runMain(async () => {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  return replay(replayOptions(process.argv.slice(2)), stop.signal);
});
