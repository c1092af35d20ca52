/** No database of ours can hold them, or no field is so long: each is refused wherever it stands. */
export const IMPOSSIBLE_TEXTS: Readonly<Record<string, string>> = {
  NUL: 'a\u0000b',
  'a lone high surrogate': '\ud800',
  'a lone low surrogate': 'a\udc00b',
  'a cut emoji': 'party 🎉'.slice(0, -1),
  '10,000 characters': 'x'.repeat(10_000),
};

/** Odd but possible: taken or refused, and never the end of anything. */
export const ODD_TEXTS: Readonly<Record<string, string>> = {
  nothing: '',
  blank: ' ',
  emoji: '🛒💥👩‍👩‍👧‍👦',
  'right to left': '\u202eabc\u202c',
  'a noncharacter': '\uffff',
  'a control character': '\u0007\u001b[31m',
  SQL: "'; DROP TABLE orders; --",
  'a pattern': '%_\\',
  'an escape': '\\u0000\\x00"',
  'a prototype': '__proto__',
};

export type Place = readonly (string | number)[];

/** A copy of a value in which another stands at one place. */
export function withValueAt(value: unknown, [first, ...rest]: Place, other: unknown): unknown {
  if (first === undefined) return other;
  if (Array.isArray(value)) {
    return value.map((each, index) => (index === first ? withValueAt(each, rest, other) : each));
  }
  const inner: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  return { ...inner, [first]: withValueAt(inner[first], rest, other) };
}

/** Where texts stand in a value. */
export function placesOfTexts(value: unknown, place: Place = []): Place[] {
  if (typeof value === 'string') return [place];
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return entries.flatMap(([name, inner]) => placesOfTexts(inner, [...place, name]));
}
