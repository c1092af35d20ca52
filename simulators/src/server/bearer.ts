import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestHookHandler } from 'fastify';
import { problem, sendProblem } from './problem.ts';

const UNAUTHENTICATED = problem(401, 'unauthenticated', 'A valid bearer key is needed.');

/** Lets a request pass only with `authorization: Bearer <key>`; compared in constant time. */
export function requireBearer(key: string): onRequestHookHandler {
  const expected = digest(`Bearer ${key}`);
  return (request, reply, done) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) done();
    else sendProblem(reply, UNAUTHENTICATED);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
