import { buildSchema, type ExecutionResult, GraphQLError, graphqlSync, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { formatPublicError } from './public-errors.ts';

const CANARY = 'tok_CANARY';
const card = { method: 'CARD', cardToken: CANARY };
const schema = buildSchema(`
  type Query { a: Int }
  type Mutation { placeOrder(input: PlaceOrderInput!, ids: [ID!]): Int }
  input PlaceOrderInput { idempotencyKey: String! payment: PaymentInput lines: [LineInput!]! }
  input LineInput { sku: String! quantity: Int! }
  input PaymentInput { method: Method! cardToken: String }
  enum Method { TERMS CARD }
`);
const line = { sku: 'A', quantity: 1 };

/** Says what the client reads, and that the value is in none of it. */
function said({ errors = [] }: ExecutionResult): string[] {
  expect(errors.length).toBeGreaterThan(0);
  const formatted = errors.map((error) =>
    formatPublicError({ ...error.toJSON(), extensions: { code: 'BAD_USER_INPUT' } }),
  );
  expect(JSON.stringify(formatted)).not.toMatch(/CANARY|OTHER/);
  return formatted.map(({ message }) => message);
}
const withInput = (input: unknown) =>
  said(
    graphqlSync({
      schema,
      source: 'mutation ($i: PlaceOrderInput!) { placeOrder(input: $i) }',
      variableValues: { i: input },
    }),
  );
const withDocument = (inner: string) =>
  said({ errors: validate(schema, parse(`mutation { placeOrder(input: ${inner}) }`)) });

const INVALID = 'Variable "$i" got invalid value';
const REQUIRED = 'of required type';

describe('a refused variable is told by its place and the reason, never by what it holds', () => {
  it.each([
    [
      { idempotencyKey: 'k', payment: card },
      `${INVALID}; Field "lines" ${REQUIRED} "[LineInput!]!" was not provided.`,
    ],
    [
      { idempotencyKey: 'k', payment: card, lines: [], extra: 1 },
      `${INVALID}; Field "extra" is not defined by type "PlaceOrderInput".`,
    ],
    [
      { payment: card, lines: [line] },
      `${INVALID}; Field "idempotencyKey" ${REQUIRED} "String!" was not provided.`,
    ],
    [
      { idempotencyKey: 'k', lines: [], payment: { cardToken: CANARY } },
      `${INVALID} at "i.payment"; Field "method" ${REQUIRED} "Method!" was not provided.`,
    ],
    [
      { idempotencyKey: 'k', lines: [], payment: { method: 'CARD', cardtoken: CANARY } },
      `${INVALID} at "i.payment"; Field "cardtoken" is not defined by type "PaymentInput".`,
    ],
    [
      { idempotencyKey: 'k', lines: [], payment: { method: 'CARD', cardToken: { x: CANARY } } },
      `${INVALID} at "i.payment.cardToken"; String cannot represent a non string value.`,
    ],
    [
      { idempotencyKey: 'k', lines: [line, { sku: 'A', quantity: CANARY }] },
      `${INVALID} at "i.lines[1].quantity"; Int cannot represent non-integer value.`,
    ],
    [
      { idempotencyKey: 'k', lines: [], payment: { method: CANARY } },
      `${INVALID} at "i.payment.method"; the value does not exist in the enum "Method".`,
    ],
    [
      { idempotencyKey: 'k', lines: [], payment: { method: [CANARY] } },
      `${INVALID} at "i.payment.method"; Enum "Method" cannot represent non-string value.`,
    ],
    [
      { idempotencyKey: 'k', lines: [], payment: CANARY },
      `${INVALID} at "i.payment"; Expected type "PaymentInput" to be an object.`,
    ],
    [
      { idempotencyKey: 'k', lines: [null], payment: card },
      `${INVALID} at "i.lines[0]"; Expected non-nullable type "LineInput!" not to be null.`,
    ],
    [null, 'Variable "$i" of non-null type "PlaceOrderInput!" must not be null.'],
  ])('%j', (input, message) => {
    expect(withInput(input)).toEqual([message]);
  });

  it.each([
    `${CANARY}; Field "sku" ${REQUIRED} "String!" was not provided. OTHER`,
    `${CANARY} at "i.lines"; Value "OTHER`,
    `${CANARY}\n"; Expected type "OTHER`,
    `" does not exist in "Method" enum. ${CANARY}`,
  ])('also when the value speaks as a reason does: %j', (text) => {
    expect(withInput({ idempotencyKey: text, payment: card })).toEqual([
      `${INVALID}; Field "lines" ${REQUIRED} "[LineInput!]!" was not provided.`,
    ]);
    withInput({ idempotencyKey: { text }, lines: [] });
    withInput({ idempotencyKey: 'k', lines: [], payment: { method: text } });
  });
});

describe('a refused literal', () => {
  it.each([
    [
      `{ idempotencyKey: "k", lines: [], payment: { method: CARD, cardToken: ${CANARY} } }`,
      'String cannot represent a non string value.',
    ],
    [
      `{ idempotencyKey: "k", lines: [], payment: { method: CARD, cardToken: { x: "${CANARY}" } } }`,
      'String cannot represent a non string value.',
    ],
    [
      `{ idempotencyKey: "k", lines: [], payment: { method: ${CANARY} } }`,
      'The value does not exist in the enum "Method".',
    ],
    [
      `{ idempotencyKey: "k", lines: [], payment: { method: "${CANARY}" } }`,
      'Enum "Method" cannot represent non-enum value.',
    ],
    [
      `{ idempotencyKey: "k", lines: [], payment: "${CANARY}" }`,
      'Expected value of type "PaymentInput", found something else.',
    ],
    ['{ idempotencyKey: null, lines: [] }', 'Expected value of type "String!", found null.'],
  ])('%s', (inner, message) => {
    expect(withDocument(inner)).toEqual([message]);
  });

  it.each([
    [
      `mutation { placeOrder(input: { cardToken "${CANARY}" }) }`,
      'Syntax Error: Expected ":", found String.',
    ],
    [`mutation { placeOrder(input: { cardToken ${CANARY} }) }`, 'Syntax Error: Expected ":", found Name.'],
    [`mutation { placeOrder "${CANARY}" }`, 'Syntax Error: Expected Name, found String.'],
    [`${CANARY} { a }`, 'Syntax Error: Unexpected Name.'],
    ['mutation { placeOrder(input: }', 'Syntax Error: Unexpected "}".'],
  ])('where it is no GraphQL: %s', (source, message) => {
    expect(said(graphqlSync({ schema, source }))).toEqual([message]);
  });
});

it('leaves other words alone', () => {
  const message = 'Value for money: "first" has 1 to 100 entries; Field "x" is fine.';
  const error = new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
  expect(formatPublicError(error).message).toBe(message);
});
