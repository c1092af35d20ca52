import type { Logger } from '@crossdock/telemetry';
import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';

/** Milliseconds an orderly stop may take before the process ends anyway, the drain aside. */
const STOP_MS = 9_000;

/** Listens, says so in one log line, and stops in order on SIGTERM or SIGINT: a drain, no new requests, then `stop`. */
export async function serve(
  app: FastifyInstance,
  settings: Readonly<{ HOST: string; PORT: number; DRAIN_MS: number }>,
  logger: Logger,
  stop: () => Promise<void>,
): Promise<void> {
  closeWithGrace({ delay: STOP_MS + settings.DRAIN_MS, logger: false }, async ({ err }) => {
    if (err !== undefined) logger.fatal({ err }, 'a fault nobody handled: stopping');
    if (err === undefined) await app.drain.run();
    await app.close();
    await stop();
  });
  await app.listen({ host: settings.HOST, port: settings.PORT });
  const bound = app.server.address();
  logger.info(
    { port: typeof bound === 'object' && bound !== null ? bound.port : settings.PORT },
    'listening',
  );
}
