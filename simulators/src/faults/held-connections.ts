import type { FastifyReply } from 'fastify';

/** A held request ends here at the latest; clients under test give up long before. */
const HOLD_MS = 120_000;

/** Requests that get no answer: their connections stay open until the client leaves, HOLD_MS pass, or the server stops. */
export class HeldConnections {
  readonly #held = new Map<FastifyReply['raw']['socket'], NodeJS.Timeout>();

  hold(reply: FastifyReply): void {
    reply.hijack();
    const { socket } = reply.raw;
    if (socket === null || socket.destroyed) return;
    const timer = setTimeout(() => socket.destroy(), HOLD_MS);
    this.#held.set(socket, timer);
    socket.once('close', () => {
      clearTimeout(timer);
      this.#held.delete(socket);
    });
  }

  /** Cuts the connection with a TCP reset. */
  reset(reply: FastifyReply): void {
    reply.hijack();
    reply.raw.socket?.resetAndDestroy();
  }

  releaseAll(): void {
    for (const socket of this.#held.keys()) socket?.destroy();
  }
}
