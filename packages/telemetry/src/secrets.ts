// Names, in lower case, of what is a secret wherever it turns up in a logged object.
const SECRET: ReadonlySet<string> = new Set([
  'cardtoken',
  'sealedcardtoken',
  'authorization',
  'x-internal-auth',
]);
/** What a database adds to an error: it may quote the row, the key or the text that was refused. */
const QUOTING: ReadonlySet<string> = new Set(['detail', 'where', 'query', 'parameters', 'args']);
const CENSOR = '[redacted]';
/** Levels of a logged object; an error of a library may hold half the process. */
const LEVELS_MAX = 10;

function hasToJson(value: object): value is { toJSON: () => unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function censored(value: unknown, above: readonly object[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return '[circular]';
  if (above.length >= LEVELS_MAX) return '[too deep]';
  const inside = [...above, value];
  if (hasToJson(value)) return censored(value.toJSON(), inside);
  if (Array.isArray(value)) return value.map((each) => censored(each, inside));
  const isError = 'stack' in value && 'message' in value;
  const isKept = (name: string) => !isSecret(name) && !(isError && QUOTING.has(name));
  const fields = Object.entries(value);
  return Object.fromEntries(
    fields.map(([name, each]) => [name, isKept(name) ? censored(each, inside) : CENSOR]),
  );
}

/** True for the name of a field whose value no log may hold. */
const isSecret = (name: string) => SECRET.has(name.toLowerCase());

/** What is logged under a name, as it is serialized, without secrets at any level. */
export function withoutSecrets(value: unknown, name: string | symbol | undefined): unknown {
  return typeof name === 'string' && isSecret(name) ? CENSOR : censored(value, []);
}

/** The names as they stand at the top of a logged object. */
export const SECRET_NAMES: readonly string[] = ['cardToken', 'sealedCardToken', 'authorization'];
