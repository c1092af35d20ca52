/** Why a bench cannot begin or go on, in one sentence that says what to do. Not a finding about the platform. */
export class CannotRun extends Error {}

/** Runs a bench's main function; what it cannot do is said in one sentence and answered with exit code 2. */
export async function runMain(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
