import { describe, expect, it } from 'vitest';
import { amountFromStripe, amountToStripe } from './stripe-amounts.ts';

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
