import type { FastifyReply, FastifyRequest } from 'fastify';
import { type About, dropConnection, type Gate, isGone } from './gates.ts';

/** What came of a request: `answer` sends it, `about` is what is known once it is done. */
export interface Done {
  readonly about: About;
  readonly answer: () => unknown;
}

/**
 * Does the work between the two phases of the gate. What was held before it is done on `go-on` even when its client is
 * gone, as the request had reached the provider; there is nobody to answer then.
 */
export async function gated(
  gate: Gate,
  request: FastifyRequest,
  reply: FastifyReply,
  about: About,
  work: () => Promise<Done>,
): Promise<unknown> {
  const { operation } = request.routeOptions.config;
  if ((await gate.pass({ operation, phase: 'before', ...about }, reply)) === 'drop')
    return dropConnection(reply);
  const done = await work();
  if ((await gate.pass({ operation, phase: 'after', ...done.about }, reply)) === 'drop')
    return dropConnection(reply);
  return isGone(reply) ? dropConnection(reply) : done.answer();
}
