import { describe, expect, it } from 'vitest';
import { canonicalMoney, divideHalfEven, formatMoney, parseMoney } from './money.ts';

describe('money', () => {
  it.each([
    ['12.50', 'GBP', 1250n],
    ['12.5', 'GBP', 1250n],
    ['0', 'GBP', 0n],
    ['-0.01', 'GBP', -1n],
    ['100', 'JPY', 100n],
    ['1.234', 'KWD', 1234n],
    ['1.2300', 'GBP', 123n],
    ['10.0000', 'XPF', 10n],
    ['10.5', 'CLF', 105_000n],
    ['2.5', 'BGN', 250n],
    ['10', 'BYR', 10n],
  ])('reads %s %s', (amount, currencyCode, minor) =>
    expect(parseMoney(amount, currencyCode)?.minor).toBe(minor),
  );
  it.each([
    ['1.001', 'GBP'],
    ['1e3', 'GBP'],
    ['', 'GBP'],
    ['1.', 'GBP'],
    ['0.5', 'JPY'],
    ['99999999999999.99', 'GBP'],
    ['NaN', 'GBP'],
    ['2.505', 'BGN'],
    ['0.5', 'BYR'],
    ['10.5', 'XPF'],
    ['10.5', 'RWF'],
    ['10.00001', 'CLF'],
  ])('refuses %s %s', (amount, currencyCode) => expect(parseMoney(amount, currencyCode)).toBeNull());
  it.each([
    [1250n, 'GBP', '12.50'],
    [-5n, 'GBP', '-0.05'],
    [7n, 'JPY', '7'],
    [0n, 'KWD', '0.000'],
    [105n, 'UYW', '0.0105'],
    [250n, 'BGN', '2.50'],
  ])('writes %s %s', (minor, currencyCode, text) => expect(formatMoney({ minor, currencyCode })).toBe(text));
  it.each([
    ['5', 'GBP', '5.00'],
    ['05.0', 'GBP', '5.00'],
    ['5.00', 'GBP', '5.00'],
    ['-0', 'JPY', '0'],
    ['five', 'GBP', 'five'],
    ['5', 'BGN', '5.00'],
    ['5.0', 'BYR', '5'],
  ])('has one form for %s %s', (amount, currencyCode, form) =>
    expect(canonicalMoney({ amount, currencyCode })).toEqual({ amount: form, currencyCode }),
  );
  it.each([
    [5n, 2n, 2n],
    [7n, 2n, 4n],
    [-5n, 2n, -2n],
    [-7n, 2n, -4n],
    [10n, 3n, 3n],
    [11n, 3n, 4n],
  ])('divides %s by %s half to even', (a, b, result) => expect(divideHalfEven(a, b)).toBe(result));
});
