// Stops a server without cutting anybody off: what is under way is answered, what is silent is closed.
import type { FastifyInstance } from 'fastify';

const LOOK_MS = 100;
/** A connection that was opened and never used counts as busy for Node; after this it is closed like the idle ones. */
const UNUSED_CLOSED_AFTER_MS = 1_000;

/** Counts requests from now on; the answered function stops listening and resolves when the last one is answered. */
export function orderlyClose(app: FastifyInstance): () => Promise<void> {
  let underWay = 0;
  app.server.on('request', (_, response) => {
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
    });
  });
  return async () => {
    const stoppedAt = Date.now();
    const look = setInterval(() => {
      app.server.closeIdleConnections();
      if (underWay === 0 && Date.now() - stoppedAt > UNUSED_CLOSED_AFTER_MS) app.server.closeAllConnections();
    }, LOOK_MS);
    await app.close();
    clearInterval(look);
  };
}
