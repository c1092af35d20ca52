import { constants, inflateSync } from 'node:zlib';

const STREAM = /stream\r?\n([\s\S]*?)\r?\nendstream/g;
const SHOWN = /\[([^\]]*)\]\s*TJ/g;
const HEX = /<([0-9a-fA-F]*)>/g;

function inflated(stream: string): string {
  const bytes = Buffer.from(stream, 'latin1');
  try {
    // The last byte of a checksum may look like the line break before `endstream`, and is then missing here.
    return inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
  } catch {
    // A stream that is not compressed, or no text.
    return stream;
  }
}

/** The texts that a PDF of built-in typefaces shows, in the order of drawing; one for each piece of a line. */
export function pdfTexts(pdf: Buffer): string[] {
  const contents = [...pdf.toString('latin1').matchAll(STREAM)].map(([, stream = '']) => inflated(stream));
  return contents.flatMap((content) =>
    [...content.matchAll(SHOWN)].map(([, shown = '']) =>
      [...shown.matchAll(HEX)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join(''),
    ),
  );
}
