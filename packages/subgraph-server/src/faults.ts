import { GraphQLError } from 'graphql';

/** Bad input that no `userErrors` can carry, such as a page size or a cursor of a query. */
export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** Too much waits already; the client should come back later. */
export function overloaded(
  retryAfterMs: number,
  message = 'Too many requests wait already; try again later.',
): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'OVERLOADED', retryAfterMs },
  });
}

/** A part this subgraph needs is away; whether the work was done is unknown, and the same key finds it out. */
export function unavailable(retryAfterMs: number): GraphQLError {
  return new GraphQLError('A part of the platform does not answer now; ask again with the same key.', {
    extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryAfterMs },
  });
}

/** The caller's role lacks the operation. */
export function forbidden(): GraphQLError {
  return new GraphQLError('Your role may not do this.', { extensions: { code: 'FORBIDDEN' } });
}
