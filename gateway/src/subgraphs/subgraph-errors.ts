// Puts what a subgraph says, or fails to say, into the contract's words. No address and no name of ours gets out.
import { withoutValues } from '@crossdock/values';
import type { SubgraphAnswer, SubgraphError } from './representations.ts';

/** Codes a subgraph may give a client through us; all else is our own fault and is called so. */
const PASSED_ON = new Set([
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'RATE_LIMITED',
  'COST_LIMIT_EXCEEDED',
  'OVERLOADED',
  'SUBGRAPH_UNAVAILABLE',
]);

/** How graphql-js refuses a value of a scalar that only the subgraph can read, such as Decimal. */
const REFUSED_VALUE =
  /^(Variable "\$|Invalid value|Expected value of type|The value does not exist|Argument "|(Enum "\w+"|[A-Z]\w*) cannot represent (?!value))/;
const INDEX = /^\d+$/;

export const UNAVAILABLE: SubgraphError = {
  message: 'A part of the platform does not answer; its fields are null.',
  extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
};
export const OVERLOADED: SubgraphError = {
  message: 'Too many requests are under way; try again.',
  extensions: { code: 'OVERLOADED', retryAfterMs: 1_000 },
};
const BROKEN: SubgraphError = { message: 'A part of the platform answered badly.' };

/** Reads a reply's body; null when it is no GraphQL answer, whatever its status. */
export function readAnswer(text: string): SubgraphAnswer | null {
  const parsed = parseObject(text);
  if (parsed === null) return null;
  const { data, errors } = parsed;
  const hasData = isObject(data) || data === null;
  if (!hasData && !Array.isArray(errors)) return null;
  const answer: SubgraphAnswer = {};
  if (isObject(data)) answer.data = data;
  if (Array.isArray(errors) && errors.length > 0) answer.errors = errors.map(readError);
  return answer;
}

function readError(error: unknown): SubgraphError {
  if (!isObject(error) || typeof error.message !== 'string') return BROKEN;
  const { path, extensions } = error;
  // Here and not only on the way out: what is called broken is logged.
  const message = withoutValues(error.message);
  const said = isObject(extensions) ? extensions : {};
  const place = Array.isArray(path) ? { path: path.map(pathPart) } : {};
  const code = said.code;
  if (typeof code === 'string' && PASSED_ON.has(code)) {
    const { retryAfterMs } = said;
    const wait = typeof retryAfterMs === 'number' ? { retryAfterMs } : {};
    return { message, ...place, extensions: { code, ...wait } };
  }
  if (REFUSED_VALUE.test(message)) return { message, ...place, extensions: { code: 'BAD_USER_INPUT' } };
  return { message, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/** Some servers write the places of a list as texts; the gateway finds the entity only by a number. */
const pathPart = (part: unknown): string | number =>
  typeof part === 'number' ? part : INDEX.test(String(part)) ? Number(part) : String(part);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}
