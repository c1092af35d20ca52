// Array parameters as PostgreSQL's own literals. The driver quotes every element by two replacements, which was the largest
// cost of a batch; a batch has thousands of elements and hardly one that needs an escape.

const NEEDS_ESCAPE = /["\\]/;
const DELIMITER = '\u001f';

/** The literal of numbers or UUIDs, which need no quotes. */
export function bareArray(values: readonly (number | string)[]): string {
  return `{${values.join(',')}}`;
}

/** The literal of any texts without NUL. */
export function textArray(values: readonly string[]): string {
  if (values.length === 0) return '{}';
  const isPlain = !NEEDS_ESCAPE.test(values.join(''));
  const safe = isPlain ? values : values.map((value) => value.replace(/["\\]/g, '\\$&'));
  return `{"${safe.join('","')}"}`;
}

/** JSON documents as one text for `string_to_array(…, chr(31))`: JSON escapes control characters, so none holds the delimiter. */
export function joinedDocuments(documents: readonly string[]): string {
  return documents.join(DELIMITER);
}

/** The literal of UUIDs or numbers of which some are absent. */
export function sparseArray(values: readonly (number | string | null)[]): string {
  return bareArray(values.map((value) => value ?? 'NULL'));
}

/** The literal of any texts without NUL, of which some are absent. */
export function sparseTextArray(values: readonly (string | null)[]): string {
  const quoted = values.map((value) => (value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`));
  return `{${quoted.join(',')}}`;
}
