import { getIntrospectionQuery, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { documentSizeOf, FIELDS_MAX, LEVELS_MAX } from './document-size.ts';

function sizeOf(text: string) {
  const document = parse(text);
  return documentSizeOf(document, document.definitions[0] as OperationDefinitionNode);
}

describe('the size of a document', () => {
  it.each([
    ['one field', '{ a }', 1, 1],
    ['fields side by side and below', '{ a b { c d { e } } }', 5, 3],
    ['the same field under other names', '{ a: x b: x c: x }', 3, 1],
    ['inline fragments', '{ a { ... on A { b } ... { c } } }', 3, 2],
    ['fragments, as often as they are spread', '{ a { ...F } b { ...F } } fragment F on A { c { d } }', 6, 3],
    ['fragments in fragments', '{ ...F } fragment F on A { ...G ...G } fragment G on A { a }', 2, 1],
    ['fragments in a circle, which never end', '{ ...F } fragment F on A { a ...F }', 1, 1],
  ])('counts %s', (_, text, fields, levels) => {
    expect(sizeOf(text)).toEqual({ fields, levels });
  });

  it('is known at once for fragments that double a hundred times', () => {
    const doubling = Array.from(
      { length: 100 },
      (_, i) => `fragment F${i} on A { ...F${i + 1} ...F${i + 1} }`,
    );
    expect(sizeOf(`{ ...F0 } ${doubling.join(' ')} fragment F100 on A { a }`)).toEqual({
      fields: 2 ** 100,
      levels: 1,
    });
  });

  it('of an introspection is within the limits', () => {
    const { fields, levels } = sizeOf(getIntrospectionQuery());
    expect([fields < FIELDS_MAX, levels < LEVELS_MAX]).toEqual([true, true]);
  });
});
