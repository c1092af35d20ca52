import { describe, expect, it } from 'vitest';
import { formatPublicError } from './public-errors.ts';
import { brokenValues } from './public-results.ts';

const missing = (...path: (string | number)[]) => ({ message: 'Cannot return null for a field.', path });
const result = (errors: object[], ...broken: object[]) => ({
  errors,
  extensions: { valueCompletion: broken },
});

describe('a value that is missing', () => {
  it('is our fault when nothing else is said of it', () => {
    const found = brokenValues(result([missing('order', 'payment')], missing('order', 'number')));
    expect(found).toEqual([{ ...missing('order', 'number'), extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  });

  it.each([
    ['at its place', ['order', 'number']],
    ['above it', ['order']],
    ['of the whole', []],
  ])('is explained by an error %s', (_, path) => {
    expect(brokenValues(result([{ message: 'Forbidden', path }], missing('order', 'number')))).toEqual([]);
  });

  it('is not explained by an error without a place, or of a neighbour', () => {
    const errors = [{ message: 'Somewhere' }, { message: 'Beside', path: ['orders', 1, 'number'] }];
    expect(brokenValues(result(errors, missing('orders', 0, 'number'))).length).toBe(1);
  });
});

describe('the path of an error', () => {
  it('ends where a subgraph was asked for many entities at once', () => {
    const extensions = { code: 'FORBIDDEN' };
    const formatted = formatPublicError({
      message: 'No',
      path: ['shipment', 'order', '_entities', 0, 'number'],
      extensions,
    });
    expect(formatted).toEqual({ message: 'No', path: ['shipment', 'order'], extensions });
  });
});
