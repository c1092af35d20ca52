// The one way a result leaves: errors in the contract's words, extensions of libraries dropped.
import type { GraphQLFormattedError } from 'graphql';
import { type AnyError, formatPublicError, publicCodeOf } from './public-errors.ts';

type Result<Data> = Readonly<{
  data?: Data;
  errors?: readonly unknown[] | undefined;
  extensions?: Readonly<Record<string, unknown>> | undefined;
}>;
type TidyResult<Data> = { data?: Data; errors?: readonly GraphQLFormattedError[] };

/** `report` hears of every error that the client is told nothing about. */
export function tidyResult<Data>(
  result: Result<Data>,
  requestId: string,
  report: (error: unknown) => void,
): TidyResult<Data> {
  const errors = [...(result.errors ?? []), ...brokenValues(result)].map(readable);
  for (const error of errors) if (publicCodeOf(error) === 'INTERNAL_SERVER_ERROR') report(error);
  const tidy: TidyResult<Data> = {};
  if (errors.length > 0) tidy.errors = errors.map((error) => formatPublicError(error, requestId));
  if (result.data !== undefined) tidy.data = result.data;
  return tidy;
}

/**
 * The executor hides values that break the schema in an extension; a null without an error would be a riddle. What is
 * missing below a place that has its error already is explained by it.
 */
export function brokenValues({ errors = [], extensions }: Result<unknown>): GraphQLFormattedError[] {
  const found = extensions?.valueCompletion;
  if (!Array.isArray(found)) return [];
  const explained = errors.map(readable).flatMap(({ path }) => (path === undefined ? [] : [path]));
  const riddles = found.map(readable).filter(({ path }) => !explained.some((place) => leadsTo(place, path)));
  return riddles.map(({ message, path }) => ({
    message,
    ...(path === undefined ? {} : { path }),
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  }));
}

type Path = AnyError['path'];

const leadsTo = (place: NonNullable<Path>, path: Path) =>
  path !== undefined && place.every((step, index) => step === path[index]);

/** GraphQL errors keep their fields as they are; anything else that was thrown says only its message. */
function readable(error: unknown): AnyError {
  if (typeof error !== 'object' || error === null || !('message' in error)) return { message: String(error) };
  const { message, locations, path, extensions } = error as AnyError;
  return { message: String(message), locations, path, extensions };
}
