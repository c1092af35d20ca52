import { expect, it } from 'vitest';
import { drawable } from './drawable-text.ts';

it.each([
  ['MUG-85123A', 'MUG-85123A'],
  ['Größe 3 · 12 €', 'Größe 3 · 12 €'],
  ['Cafe\u0301', 'Café'],
  ['Dvořák, Łódź', 'Dvorák, ?ódz'],
  ['ﬁne ①', 'fine 1'],
  ['茶 🍵', '? ?'],
  ['a\tb\nc', 'a b c'],
  ['a\u0007b\u200b', 'a?b?'],
  ['\ud800', '?'],
])('draws %j as %j', (text, drawn) => expect(drawable(text)).toBe(drawn));
