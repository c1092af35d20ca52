// Words of graphql-js and graphql-jit about values that they refuse. They quote the value, and with it whatever a client sent
// beside its mistake: a card token, a note, a person's name. Nobody but the client may read that again.

const NAME = '[_A-Za-z]\\w*';
const TYPE = '"?[\\w![\\]]+"?';
/** A field, or the way to one. */
const FIELD = '"?[\\w.[\\]]+"?';

/** What can be wrong with a value, up to where the value would be quoted. Whatever is written otherwise is not repeated. */
const REASON = [
  `Expected non-nullable type ${TYPE} not to be null`,
  `Field ${FIELD} of required type ${TYPE} was not provided`,
  `Field ${FIELD} is not defined by type ${TYPE}`,
  `Field "${NAME}" must be non-null`,
  `Exactly one key must be specified for OneOf type "${NAME}"`,
  `Expected type ${TYPE} to be an object`,
  `(?:Enum "${NAME}"|${NAME}) cannot represent (?:an? )?(?:non[-\\w ]*? )?value`,
  `${NAME} is a text`,
  `Expected type ${TYPE}`,
].join('|');
const REASON_FIRST = new RegExp(`^(?:${REASON})`);
const PATH = `${NAME}(?:\\.${NAME}|\\[\\d+\\])*`;
/** The way to the value stands between it and the reason. */
const PLACE_AND_REASON = new RegExp(`(?: at "(${PATH})")?[;:] (${REASON})`, 'g');
const NOT_IN_ENUM = new RegExp(`" does not exist in ("${NAME}") enum\\.(?: Did you mean [^]{0,500})?$`);
const PLACE_IN_ENUM = new RegExp(` at "(${PATH})"; Value "`, 'g');

const VALUE_REFUSED = new RegExp(`^(?:Variable "\\$${NAME}" got i|I)nvalid value `);
const LITERAL_REFUSED = /^Expected value of type "[^"]*", found (?!null\.$)/;
const ARGUMENT_REFUSED =
  /^Argument ['"]\w+['"] (?:of type "[^"]*" |on Directive '\w+' )?has (?:an )?invalid value /;
const SCALAR_REFUSED = new RegExp(`^(?:Enum "${NAME}"|${NAME}) cannot represent `);
const TOKEN_REFUSED = /^(Syntax Error: .*?(?:found|Unexpected) (?:Name|Int|Float|String|BlockString)) "/;

const placed = (place: string | undefined) => (place === undefined ? '' : ` at "${place}"`);

/** The way to the value and what is wrong with it; '' where that cannot be told from the value. */
function placeAndReason(message: string): string {
  const [, enumName] = NOT_IN_ENUM.exec(message) ?? [];
  // The last of each: a value that speaks like this comes before.
  if (enumName !== undefined) {
    const [, place] = [...message.matchAll(PLACE_IN_ENUM)].at(-1) ?? [];
    return `${placed(place)}; the value does not exist in the enum ${enumName}`;
  }
  const [, place, reason] = [...message.matchAll(PLACE_AND_REASON)].at(-1) ?? [];
  return `${placed(place)}${reason === undefined ? '' : `; ${reason}`}`;
}

/**
 * The message of a GraphQL error without the value that it quotes: the place and what is wrong there stay. Composed of what is
 * known to be no value, so that unknown words are dropped and not passed on. Other messages stay as they are.
 */
export function withoutValues(message: string): string {
  const [refused] = VALUE_REFUSED.exec(message) ?? [];
  if (refused !== undefined) return `${refused.trimEnd()}${placeAndReason(message)}.`;
  const [literal] = LITERAL_REFUSED.exec(message) ?? [];
  if (literal !== undefined) return `${literal}something else.`;
  const [argument] = ARGUMENT_REFUSED.exec(message) ?? [];
  if (argument !== undefined) return `${argument.trimEnd()}.`;
  const [, token] = TOKEN_REFUSED.exec(message) ?? [];
  if (token !== undefined) return `${token}.`;
  if (SCALAR_REFUSED.test(message)) return `${REASON_FIRST.exec(message)?.[0] ?? 'The value is not valid'}.`;
  const [, enumName] = message.startsWith('Value "') ? (NOT_IN_ENUM.exec(message) ?? []) : [];
  return enumName === undefined ? message : `The value does not exist in the enum ${enumName}.`;
}
