import { describe, expect, it } from 'vitest';
import { readAnswer } from './subgraph-errors.ts';

const withError = (error: unknown) => JSON.stringify({ data: null, errors: [error] });

describe('an answer of a subgraph', () => {
  it.each(['', '<html>Bad gateway</html>', 'null', '[]', '{"error":"x"}', '{"data":5}'])(
    'is none when it says %j',
    (text) => {
      expect(readAnswer(text)).toBeNull();
    },
  );

  it('has numbers for the places of a list', () => {
    const answer = readAnswer(withError({ message: 'm', path: ['_entities', '1', 'name'] }));
    expect(answer?.errors?.[0]?.path).toEqual(['_entities', 1, 'name']);
  });

  it('passes on the codes that are meant for clients, with nothing beside them', () => {
    const extensions = { code: 'OVERLOADED', retryAfterMs: 500, stacktrace: ['at home'] };
    const answer = readAnswer(withError({ message: 'later', extensions }));
    expect(answer?.errors).toEqual([
      { message: 'later', extensions: { code: 'OVERLOADED', retryAfterMs: 500 } },
    ]);
  });

  it.each(['UNAUTHENTICATED', 'MER_ERR_GQL_VALIDATION', undefined])(
    'calls the code %s a fault of ours',
    (code) => {
      const answer = readAnswer(withError({ message: 'm', extensions: { code } }));
      expect(answer?.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
    },
  );

  it.each([
    [
      'Variable "$input" got invalid value "x" at "input.amount"; Decimal cannot represent x',
      'Variable "$input" got invalid value.',
    ],
    ['Value "tok_1" does not exist in "Method" enum.', 'The value does not exist in the enum "Method".'],
    [
      'Enum "Method" cannot represent non-string value: 5.',
      'Enum "Method" cannot represent non-string value.',
    ],
  ])('calls a value that a type of its refuses bad input, and does not repeat it: %s', (message, said) => {
    expect(readAnswer(withError({ message }))?.errors).toEqual([
      { message: said, extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  it('calls a value that it cannot serialize its own fault', () => {
    const message = 'Enum "Method" cannot represent value: "x"';
    expect(readAnswer(withError({ message }))?.errors?.[0]?.extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
    });
  });
});
