import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { rootFieldsOf } from './root-fields.ts';

function rootFields(text: string) {
  const document = parse(text);
  return rootFieldsOf(document, document.definitions[0] as OperationDefinitionNode);
}

describe('the root fields of an operation', () => {
  it.each([
    ['plain', '{ a b { c } }', ['Query.a', 'Query.b']],
    ['behind aliases', 'mutation { a: b, b: b }', ['Mutation.b']],
    ['in an inline fragment', '{ ... { a ... on Query { b } } }', ['Query.a', 'Query.b']],
    [
      'in fragments that repeat',
      '{ ...F ...F } fragment F on Query { a ...G } fragment G on Query { b }',
      ['Query.a', 'Query.b'],
    ],
    ['that may be skipped', '{ a @skip(if: true) }', ['Query.a']],
    ['of a subscription', 'subscription { a }', ['Subscription.a']],
    ['without the meta fields', '{ __typename a }', ['Query.a']],
  ])('are found %s', (_, text, fields) => {
    expect(rootFields(text)).toEqual({ fields, introspects: false });
  });

  it('tell introspection', () => {
    expect(rootFields('{ ...F } fragment F on Query { x: __type(name: "A") { name } }')).toEqual({
      fields: [],
      introspects: true,
    });
  });
});
