/** Beyond Latin-1, what the built-in typefaces of PDF have (WinAnsi, ISO 32000-1 Annex D). */
const MORE_CHARACTERS = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');
const MARKS = /\p{Mark}/gu;
const INSTEAD = '?';

function isDrawable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) || MORE_CHARACTERS.has(character);
}

function drawn(character: string): string {
  if (isDrawable(character)) return character;
  if (/\s/u.test(character)) return ' ';
  const bare = character.normalize('NFKD').replace(MARKS, '');
  return bare !== '' && [...bare].every(isDrawable) ? bare : INSTEAD;
}

/** The text as a built-in typeface of PDF can draw it: letters lose marks it lacks, anything else it lacks becomes a question mark. */
export function drawable(text: string): string {
  return [...text.normalize('NFC')].map(drawn).join('');
}
