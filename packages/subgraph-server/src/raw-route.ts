import type { FastifyInstance } from 'fastify';

/** A request as it came: nothing of its body is read, and nobody is known to have sent it. */
export type RawRequest = Readonly<{
  /** What stands in the address for `:name`. */
  name: string;
  /** Headers that came once, by their name in lower case: of one that came again nobody could say which its sender signed. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}>;

export type RawRoute = Readonly<{
  /** With one parameter, `:name`. */
  path: `/${string}/:name`;
  bodyBytesMax: number;
  /** Answers the HTTP status; the answer has no body. */
  handle: (request: RawRequest) => Promise<number>;
}>;

/**
 * Adds a POST route for senders that sign their bodies: the body is passed on byte for byte (as UTF-8) whatever its type, and no
 * token of the gateway is asked for. Whoever handles it checks who sent it. A body beyond the limit is answered 413.
 */
export async function addRawRoute(
  app: FastifyInstance,
  { path, bodyBytesMax, handle }: RawRoute,
): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: bodyBytesMax }, (_request, body, done) =>
      done(null, body),
    );
    scope.post<{ Params: { name: string } }>(path, { bodyLimit: bodyBytesMax }, async (request, reply) => {
      const headers = Object.fromEntries(
        Object.entries(request.raw.headersDistinct).flatMap(([name, values]) =>
          values?.length === 1 ? [[name, values[0]]] : [],
        ),
      );
      const body = typeof request.body === 'string' ? request.body : '';
      return reply.code(await handle({ name: request.params.name, headers, body })).send();
    });
  });
}
