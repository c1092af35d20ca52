// Ties one `ws` socket to the protocol library: messages both ways, and a ping that finds dead links.
import type { IncomingMessage } from 'node:http';
import type { Server } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';

const PING_MS = 12_000;
const INTERNAL_ERROR = 4500;

/** What the protocol library keeps with each socket. */
export type SocketExtra<Own> = Readonly<{ socket: WebSocket; request: IncomingMessage }> & Partial<Own>;

/** A message is sent when it has left for the network, so that a slow reader slows the feed. */
export function linkSocket<Own>(
  server: Server<SocketExtra<Own>>,
  socket: WebSocket,
  extra: SocketExtra<Own>,
): void {
  const send = (text: string) =>
    new Promise<void>((resolve) => {
      // A socket that broke is closed, which ends its operations.
      if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
      else resolve();
    });
  const onMessage = (take: (text: string) => Promise<void>) => {
    socket.on('message', (data: RawData) => {
      take(String(data)).catch(() => socket.close(INTERNAL_ERROR, 'Something broke on our side.'));
    });
  };
  const close = (code?: number, reason?: string) => socket.close(code, reason);
  const closed = server.opened({ protocol: socket.protocol, send, close, onMessage }, extra);
  const stopPinging = pingUntilDead(socket);
  // What a client sends against the protocol closes its socket; there is nothing else to do.
  socket.on('error', () => undefined);
  socket.once('close', (code, reason) => {
    stopPinging();
    void closed(code, String(reason));
  });
}

function pingUntilDead(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
    return undefined;
  }, PING_MS);
  return () => clearInterval(timer);
}
