import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const QUOTE = '"';

/**
 * Yields the records of a gzipped CSV file (RFC 4180: quoted fields may hold commas, doubled quotes and line ends) as
 * objects by the names of the first line. Rejects when the file cannot be read or a record has another number of fields.
 */
export async function* readCsv<Column extends string>(
  file: URL,
  columns: readonly Column[],
): AsyncGenerator<Readonly<Record<Column, string>>> {
  let read: ((fields: readonly string[]) => Record<Column, string>) | undefined;
  for await (const records of splitRecords(readText(file))) {
    for (const fields of records) {
      if (read === undefined) read = recordReader(file, columns, fields);
      else yield read(fields);
    }
  }
}

async function* readText(file: URL): AsyncGenerator<string> {
  const stream = createReadStream(file);
  const text = stream.pipe(createGunzip());
  stream.once('error', (error) => text.destroy(error));
  text.setEncoding('utf8');
  yield* text;
}

function recordReader<Column extends string>(
  file: URL,
  columns: readonly Column[],
  names: readonly string[],
) {
  const places = columns.map((column) => [column, names.indexOf(column)] as const);
  const missing = places.filter(([, place]) => place < 0).map(([column]) => column);
  if (missing.length > 0) throw new Error(`${file.pathname} has no column ${missing.join(', ')}`);
  return (fields: readonly string[]): Record<Column, string> => {
    if (fields.length !== names.length) {
      throw new Error(
        `${file.pathname} has ${fields.length} instead of ${names.length} fields in: ${fields}`,
      );
    }
    // Filled below, column by column.
    const record = {} as Record<Column, string>;
    for (const [column, place] of places) record[column] = fields[place] ?? '';
    return record;
  };
}

/** Splits chunks of text, cut anywhere, into the records that each completes. Blank lines are no records. */
export async function* splitRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string[][]> {
  let rest = '';
  for await (const chunk of chunks) {
    const text = rest + chunk;
    const { records, end } = completeRecords(text);
    rest = text.slice(end);
    yield records;
  }
  const last = rest.replace(/\r?\n$/, '');
  if (last !== '') yield [splitFields(last)];
}

function completeRecords(text: string): { records: string[][]; end: number } {
  const records: string[][] = [];
  let begin = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === QUOTE) quoted = !quoted;
    if (character !== '\n' || quoted) continue;
    const record = text.slice(begin, text[at - 1] === '\r' ? at - 1 : at);
    if (record !== '') records.push(splitFields(record));
    begin = at + 1;
  }
  return { records, end: begin };
}

function splitFields(record: string): string[] {
  if (!record.includes(QUOTE)) return record.split(',');
  const fields: string[] = [];
  let begin = 0;
  let quoted = false;
  for (let at = 0; at <= record.length; at += 1) {
    if (record[at] === QUOTE) quoted = !quoted;
    if (at < record.length && (record[at] !== ',' || quoted)) continue;
    fields.push(unquoted(record.slice(begin, at)));
    begin = at + 1;
  }
  return fields;
}

function unquoted(field: string): string {
  if (!field.startsWith(QUOTE)) return field;
  return field.slice(1, -1).replaceAll('""', QUOTE);
}
