import { connect, type Socket } from 'node:net';

/**
 * A server that was asked and says nothing for this long is gone, whatever TCP believes: longer than the statement time-out,
 * after which a living server answers with an error. TCP alone would wait for a quarter of an hour.
 */
export const SILENCE_LIMIT_MS = 18_000;
const LOOK_EVERY_MS = 1_000;

type Address = Readonly<{ host: readonly string[]; port: readonly number[] }>;

/**
 * Makes sockets for a pool, to its hosts in turn. A connection that was written to and brings nothing back within `limit_ms` is
 * destroyed with ETIMEDOUT, so that its statements settle as a fault of infrastructure. An idle one may be silent for ever.
 */
export function watchedSockets(limit_ms: number = SILENCE_LIMIT_MS): (address: Address) => Socket {
  let turn = 0;
  return ({ host, port }) => {
    const index = turn % Math.max(1, host.length);
    turn += 1;
    const socket = connect({ host: host[index] ?? '127.0.0.1', port: port[index] ?? port[0] ?? 5432 });
    endWhenSilent(socket, limit_ms);
    return socket;
  };
}

function endWhenSilent(socket: Socket, limit_ms: number): void {
  let writtenWhenHeard = 0;
  let silentSince: number | null = null;
  socket.on('data', () => {
    writtenWhenHeard = socket.bytesWritten;
    silentSince = null;
  });
  const look = setInterval(
    () => {
      if (socket.bytesWritten <= writtenWhenHeard) return;
      silentSince ??= performance.now();
      if (performance.now() - silentSince < limit_ms) return;
      const error = new Error(`The database has not answered for ${limit_ms} ms`);
      socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
    },
    Math.min(LOOK_EVERY_MS, limit_ms / 2),
  );
  look.unref();
  socket.once('close', () => clearInterval(look));
}
