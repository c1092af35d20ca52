/**
 * PostgreSQL's arrays that our functions take and answer, known beforehand. The driver would ask each new connection for them
 * with a statement whose failure nobody handles: a connection lost at that moment would end the process.
 */

/** Types of pg_type.dat; they are the same in every database. */
const ARRAY_OIDS = {
  boolean: 1000,
  smallint: 1005,
  int: 1007,
  text: 1009,
  bigint: 1016,
  double: 1022,
  timestamptz: 1185,
  numeric: 1231,
  uuid: 2951,
} as const;

const text = (element: string) => element;

/**
 * For the `types` of a client with `fetch_types: false`. Elements come as the driver gives single values; NULL as null. An
 * array of another type is refused by the database as malformed: it belongs here, too.
 */
export const ARRAY_TYPES = {
  booleans: arrayType(ARRAY_OIDS.boolean, (element) => element === 't'),
  smallints: arrayType(ARRAY_OIDS.smallint, Number),
  ints: arrayType(ARRAY_OIDS.int, Number),
  texts: arrayType(ARRAY_OIDS.text, text),
  bigints: arrayType(ARRAY_OIDS.bigint, BigInt),
  doubles: arrayType(ARRAY_OIDS.double, Number),
  numerics: arrayType(ARRAY_OIDS.numeric, text),
  instants: arrayType(ARRAY_OIDS.timestamptz, (element) => new Date(element)),
  uuids: arrayType(ARRAY_OIDS.uuid, text),
};

function arrayType(oid: number, parse: (element: string) => unknown) {
  return {
    to: oid,
    from: [oid],
    serialize: (values: unknown) => (Array.isArray(values) ? literalOf(values) : values),
    parse: (literal: string) => elementsOf(literal).map((each) => (each === null ? null : parse(each))),
  };
}

/** An array's literal: every element quoted, so that none can be taken for NULL or for more than one. */
function literalOf(values: readonly unknown[]): string {
  const elements = values.map((value) => {
    if (value === undefined) throw new Error('An element of an array is undefined: write null.');
    if (value === null) return 'NULL';
    const plain = value instanceof Date ? value.toISOString() : String(value);
    return `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  });
  return `{${elements.join(',')}}`;
}

/** A quoted element, or an unquoted one. */
const ELEMENT = /"((?:[^"\\]|\\.)*)"|([^{},"]+)/gs;

/** The elements of a literal of one dimension (postgresql.org/docs, "Array Input and Output Syntax"). */
function elementsOf(literal: string): (string | null)[] {
  return [...literal.matchAll(ELEMENT)].map(([, quoted, plain = '']) => {
    if (quoted !== undefined) return quoted.replaceAll(/\\(.)/gs, '$1');
    return plain === 'NULL' ? null : plain;
  });
}
