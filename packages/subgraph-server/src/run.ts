import type { Logger } from '@crossdock/telemetry';
import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';

/** Milliseconds an orderly stop may take before the process ends anyway. */
const STOP_MS = 9_000;

/** Listens, says so in one log line, and stops in order on SIGTERM or SIGINT: no new requests, then `stop`. */
export async function serve(
  app: FastifyInstance,
  address: Readonly<{ host: string; port: number }>,
  logger: Logger,
  stop: () => Promise<void>,
): Promise<void> {
  closeWithGrace({ delay: STOP_MS, logger: false }, async ({ err }) => {
    if (err !== undefined) logger.fatal({ err }, 'a fault nobody handled: stopping');
    await app.close();
    await stop();
  });
  await app.listen(address);
  const bound = app.server.address();
  logger.info({ port: typeof bound === 'object' && bound !== null ? bound.port : address.port }, 'listening');
}
