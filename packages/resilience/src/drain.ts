import type { Server } from 'node:http';
import { pause } from './backoff.ts';

/** The last seconds of a server behind a balancer: it still answers everything, and sends its clients elsewhere. */
export type Drain = Readonly<{
  /** True from the first moment of the drain: readiness says no. */
  isDraining: () => boolean;
  /** Resolves when the balancer has had time to notice; what still arrives then is answered, too. */
  run: () => Promise<void>;
}>;

/**
 * While it drains, every answer asks the client to close its connection (RFC 9112 §9.6), so that none is closed under a
 * request that is on its way.
 */
export function createDrain(server: Server, length_ms: number): Drain {
  let isDraining = false;
  server.prependListener('request', (_request, response) => {
    if (isDraining) response.setHeader('connection', 'close');
  });
  return {
    isDraining: () => isDraining,
    run: async () => {
      isDraining = true;
      await pause(length_ms);
    },
  };
}
