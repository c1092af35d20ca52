// Names, in lower case, of what is a secret wherever it turns up in a logged object.
const SECRET: ReadonlySet<string> = new Set([
  'cardtoken',
  'sealedcardtoken',
  'authorization',
  'x-internal-auth',
]);
/** Most names are told from a secret's by their length alone. */
const SECRET_LENGTHS: ReadonlySet<number> = new Set([...SECRET].map(({ length }) => length));
/** What a database adds to an error: it may quote the row, the key or the text that was refused. */
const QUOTING: ReadonlySet<string> = new Set(['detail', 'where', 'query', 'parameters', 'args']);
const CENSOR = '[redacted]';
const TOO_MANY = '[too many]';
/** Levels of a logged object; an error of a library may hold half the process. */
const LEVELS_MAX = 10;
/** Values of a logged object, at all levels together: what stands in it on many paths is written on each of them. */
const VALUES_MAX = 10_000;

/** What is looked at of one logged object: the objects above, and how many values may still be. */
type Walk = { readonly above: object[]; valuesLeft: number };

/** True for the name of a field whose value no log may hold. */
const isSecret = (name: string) => SECRET_LENGTHS.has(name.length) && SECRET.has(name.toLowerCase());

function hasToJson(value: object): value is { toJSON: () => unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function censoredList(list: readonly unknown[], walk: Walk): unknown[] {
  const taken = list.slice(0, walk.valuesLeft).map((each) => censored(each, walk));
  return taken.length < list.length ? [...taken, TOO_MANY] : taken;
}

function censoredFields(value: object, walk: Walk): object {
  const isError = 'stack' in value && 'message' in value;
  const isKept = (name: string) => !isSecret(name) && !(isError && QUOTING.has(name));
  const names = Object.keys(value);
  const fields = names.slice(0, walk.valuesLeft).map((name): [string, unknown] => {
    return [
      name,
      isKept(name)
        ? censored(
            readable(() => Reflect.get(value, name)),
            walk,
          )
        : CENSOR,
    ];
  });
  return Object.fromEntries(fields.length < names.length ? [...fields, [TOO_MANY, names.length]] : fields);
}

function censoredObject(value: object, walk: Walk): unknown {
  if (hasToJson(value)) return censored(value.toJSON(), walk);
  return Array.isArray(value) ? censoredList(value, walk) : censoredFields(value, walk);
}

/** What cannot be read costs that value alone: whoever logs an error must not be met by another one. */
function readable(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return '[unreadable]';
  }
}

function censored(value: unknown, walk: Walk): unknown {
  walk.valuesLeft -= 1;
  if (typeof value !== 'object' || value === null) return value;
  if (walk.above.includes(value)) return '[circular]';
  if (walk.above.length >= LEVELS_MAX) return '[too deep]';
  if (walk.valuesLeft < 0) return TOO_MANY;
  walk.above.push(value);
  const shown = readable(() => censoredObject(value, walk));
  walk.above.pop();
  return shown;
}

/** What is logged under a name, as it is serialized, without secrets at any level. */
export function withoutSecrets(value: unknown, name: string | symbol | undefined): unknown {
  if (typeof name === 'string' && isSecret(name)) return CENSOR;
  if (typeof value !== 'object' || value === null) return value;
  return censored(value, { above: [], valuesLeft: VALUES_MAX });
}

/** A logged object without the secrets at its top, however their names are written; itself where there is none. */
export function withoutSecretsAtTop(logged: Record<string, unknown>): Record<string, unknown> {
  // Most lines have none, and are not copied.
  for (const name in logged)
    if (isSecret(name))
      return Object.fromEntries(
        Object.entries(logged).map(([each, value]) => [each, isSecret(each) ? CENSOR : value]),
      );
  return logged;
}

/** The paths of names as they are usually written, for what a child logger is bound to: pino looks at that by paths alone. */
export const SECRET_PATHS: readonly string[] = [
  ...['cardToken', 'sealedCardToken', 'authorization', 'Authorization'],
  ...['["x-internal-auth"]', '["X-Internal-Auth"]'],
];
