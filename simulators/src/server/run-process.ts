import type { Frame } from './http-server.ts';

/** sysexits: the configuration is missing or invalid. */
const EXIT_CONFIGURATION = 78;
/** An orderly stop that takes longer is cut short. */
const STOP_LIMIT_MS = 10_000;

/** Configuration that cannot be used; its message is one sentence that says what to set. */
export class InvalidConfiguration extends Error {}

export interface RunningServer {
  readonly frame: Frame;
  readonly host: string;
  readonly port: number;
  /** Ends work in hand after the server took its last request, and closes the journal. */
  stop(): Promise<void>;
}

/** Builds and serves until SIGTERM or SIGINT; what stops it from starting becomes one sentence and an exit code. */
export async function runProcess(start: () => Promise<RunningServer>): Promise<void> {
  try {
    const server = await start();
    await server.frame.app.listen({ host: server.host, port: server.port });
    const address = server.frame.app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : server.port;
    stopOnSignals(server);
    server.frame.log.info({ port }, 'listening');
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${sentence}\n`);
    process.exit(error instanceof InvalidConfiguration ? EXIT_CONFIGURATION : 1);
  }
}

function stopOnSignals(server: RunningServer): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    server
      .stop()
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        server.frame.log.error({ err: error }, 'stopped with an error');
        process.exit(1);
      });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
