import { buildSchema, graphqlSync } from 'graphql';
import { describe, expect, it } from 'vitest';
import { takeTextsOnly } from './text-scalars.ts';

const schema = buildSchema('scalar Decimal type Query { same(value: Decimal, count: Int): String }');
takeTextsOnly(schema);
const rootValue = { same: ({ value }: { value: unknown }) => JSON.stringify(value) };

const asVariable = (value: unknown) =>
  graphqlSync({
    schema,
    rootValue,
    source: 'query ($value: Decimal) { same(value: $value) }',
    variableValues: { value },
  });
const asLiteral = (literal: string) =>
  graphqlSync({ schema, rootValue, source: `{ same(value: ${literal}) }` });

describe('a scalar of our own', () => {
  it('takes texts and null', () => {
    expect([asVariable('1.50').data, asLiteral('"1.50"').data]).toEqual([
      { same: '"1.50"' },
      { same: '"1.50"' },
    ]);
    expect([asVariable(null).data, asLiteral('null').data]).toEqual([{ same: 'null' }, { same: 'null' }]);
  });

  it.each([1.5, true, ['1.50'], { amount: '1.50' }])('refuses %j as a variable', (value) => {
    expect(asVariable(value).errors?.length).toBe(1);
  });

  it.each(['1.5', '1', 'true', 'ONE', '["1.50"]', '{ a: "1.50" }'])('refuses %s in a document', (literal) => {
    expect(asLiteral(literal).errors?.length).toBe(1);
  });

  it('leaves the scalars of GraphQL alone', () => {
    expect(graphqlSync({ schema, rootValue, source: '{ same(count: 1) }' }).errors).toBeUndefined();
  });
});
