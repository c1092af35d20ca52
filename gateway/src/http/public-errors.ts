// What a client may learn of an error: a code of the contract, a sentence, the path, and nothing of our inside.
import { withoutValues } from '@crossdock/values';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Codes of the contract with the HTTP status of a request that got nothing but this. */
export const STATUS_OF_CODE = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  PAYLOAD_TOO_LARGE: 413,
  METHOD_NOT_ALLOWED: 405,
  PERSISTED_QUERY_NOT_FOUND: 200,
  RATE_LIMITED: 429,
  COST_LIMIT_EXCEEDED: 400,
  OVERLOADED: 503,
  SUBGRAPH_UNAVAILABLE: 200,
  SUBSCRIPTION_TRANSPORT_REQUIRED: 406,
  SUBSCRIPTION_SLOW_CONSUMER: 200,
  SUBSCRIPTION_JWT_EXPIRED: 200,
  SUBSCRIPTION_SCHEMA_RELOAD: 200,
  SUBSCRIPTION_SERVER_STOPPING: 200,
  INTERNAL_SERVER_ERROR: 500,
} as const;
/** Their status where a request is passed on to a subgraph unread, such as a webhook or a document: no data stand beside the error. */
export const STATUS_OF_PASSED_ON = {
  OVERLOADED: 503,
  SUBGRAPH_UNAVAILABLE: 503,
} as const;
export type PublicCode = keyof typeof STATUS_OF_CODE;

export const isPublicCode = (code: unknown): code is PublicCode =>
  typeof code === 'string' && Object.hasOwn(STATUS_OF_CODE, code);

/** Codes that a library gives its own errors, in the contract's words. */
const TRANSLATED: Readonly<Record<string, PublicCode>> = {
  OPERATION_RESOLUTION_FAILURE: 'BAD_REQUEST',
  PERSISTED_QUERY_NOT_SUPPORTED: 'PERSISTED_QUERY_NOT_FOUND',
  INTROSPECTION_DISABLED: 'GRAPHQL_VALIDATION_FAILED',
  MAX_RECURSIVE_SELECTIONS_EXCEEDED: 'GRAPHQL_VALIDATION_FAILED',
};
const ONLY_QUERIES_BY_GET = 'GET requests only support query operations';
const SUGGESTION = / ?Did you mean .+\?$/;

/** An error of the contract. `retryAfterMs` and `cursor` reach the client, too. */
export function publicError(
  code: PublicCode,
  message: string,
  extra: Readonly<{ retryAfterMs?: number; cursor?: string }> = {},
): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, ...extra, http: { status: STATUS_OF_CODE[code] } },
  });
}

/** An error as graphql-js makes it, or as it was formatted before. */
export type AnyError = {
  readonly [K in keyof GraphQLFormattedError]: GraphQLFormattedError[K] | undefined;
} & {
  readonly message: string;
};

/** The code under which an error reaches the client. */
export function publicCodeOf(error: AnyError): PublicCode {
  const code = error.extensions?.code;
  if (error.message.startsWith(ONLY_QUERIES_BY_GET)) return 'METHOD_NOT_ALLOWED';
  if (isPublicCode(code)) return code;
  return (typeof code === 'string' ? TRANSLATED[code] : undefined) ?? 'INTERNAL_SERVER_ERROR';
}

/** How subgraphs are asked for many entities at once: no field of the contract. */
const ENTITIES_FIELD = '_entities';

/** A path as the client's document has it, which ends where the inner request of a subgraph begins. */
function publicPath(path: readonly (string | number)[]): readonly (string | number)[] {
  const inner = path.indexOf(ENTITIES_FIELD);
  return inner === -1 ? path : path.slice(0, inner);
}

/** Keeps what the contract names and drops the rest, values that a message quotes among it; an internal error keeps only its place and the request's id. */
export function formatPublicError(error: AnyError, requestId?: string): GraphQLFormattedError {
  const code = publicCodeOf(error);
  const place = error.path === undefined ? {} : { path: publicPath(error.path) };
  if (code === 'INTERNAL_SERVER_ERROR') {
    const extensions = requestId === undefined ? { code } : { code, requestId };
    return { message: 'Something broke on our side.', ...place, extensions };
  }
  const { retryAfterMs, cursor } = error.extensions ?? {};
  return {
    message: withoutValues(error.message.replace(SUGGESTION, '')),
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    ...place,
    extensions: {
      code,
      ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
      ...(typeof cursor === 'string' ? { cursor } : {}),
    },
  };
}
