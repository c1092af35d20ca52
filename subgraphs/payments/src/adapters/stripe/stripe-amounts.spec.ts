import { describe, expect, it } from 'vitest';
import { grainOf } from '../../domain/grain.ts';
import { amountFromStripe, amountToStripe, stepOfStripe } from './stripe-amounts.ts';

describe('amounts as Stripe counts them', () => {
  it.each([
    ['GBP', 1_250, 1_250],
    ['JPY', 1_250, 1_250],
    // No decimals with us, two zeros with Stripe.
    ['ISK', 1_250, 125_000],
    ['UGX', 1_250, 125_000],
    // Two places with us, none with Stripe.
    ['MGA', 125_000, 1_250],
    ['RWF', 1_250, 1_250],
    ['XPF', 1_250, 1_250],
    ['KWD', 12_340, 12_340],
  ])('goes there and back: %s', (currencyCode, minor, amount) => {
    expect(amountToStripe(minor, currencyCode)).toBe(amount);
    expect(amountFromStripe(amount, currencyCode)).toBe(minor);
  });

  it.each([
    ['a fraction of a currency without decimals', 'MGA', 125_050],
    ['a last digit that Stripe does not take', 'KWD', 12_345],
    ['an amount no number holds', 'ISK', Number.MAX_SAFE_INTEGER],
  ])('expresses nothing else: %s', (_why, currencyCode, minor) => {
    expect(amountToStripe(minor, currencyCode)).toBeNull();
  });
});

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const ALL_CODES = LETTERS.flatMap((a) => LETTERS.flatMap((b) => LETTERS.map((c) => a + b + c)));

describe('the step in which Stripe takes a currency', () => {
  it.each([
    ['GBP', 1],
    ['JPY', 1],
    ['ISK', 1],
    ['KWD', 10],
    ['MGA', 100],
  ])('of %s is %i minor units', (currencyCode, step) => {
    expect(stepOfStripe(currencyCode)).toBe(step);
    expect(amountToStripe(7 * step, currencyCode)).not.toBeNull();
    if (step > 1) expect(amountToStripe(7 * step + 1, currencyCode)).toBeNull();
  });

  it('is known of every order in a currency that is taken coarsely', () => {
    const coarse = ALL_CODES.filter((code) => stepOfStripe(code) > 1);
    expect(coarse.length).toBeGreaterThan(0);
    expect(coarse.filter((code) => grainOf(code, [1]) !== 1)).toEqual([]);
  });
});
