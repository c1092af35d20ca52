/** Where something was refused, without the message: that may quote what was refused. */
export function stackOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.stack?.replace(error.message, '');
}
