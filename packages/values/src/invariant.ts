/** Stops at a bug: what must hold does not. Never used for bad input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** Reached only when a message is newer than this code: stop rather than guess. */
export function unreachable(value: never): never {
  throw new Error(`Unknown message: ${JSON.stringify(value)}`);
}
