import { placesOf } from '@crossdock/values';

/** Places after the point by which Stripe counts, where they differ from ISO 4217's (docs.stripe.com/currencies). */
const STRIPE_PLACES: Readonly<Record<string, number>> = {
  // Of five parts in fact, of which nobody pays one.
  MGA: 0,
  // Without decimals in fact, but written with two, so that old integrations go on.
  ...{ ISK: 2, UGX: 2 },
};
/** Of three places Stripe takes no last digit but 0. */
const THREE_PLACES = 3;
const LAST_DIGIT = 10;

const placesAtStripe = (currencyCode: string) => STRIPE_PLACES[currencyCode] ?? placesOf(currencyCode);

/** How many of our minor units the smallest amount has that Stripe takes. */
export function stepOfStripe(currencyCode: string): number {
  const places = placesAtStripe(currencyCode);
  const step = 10 ** Math.max(0, placesOf(currencyCode) - places);
  return places === THREE_PLACES ? step * LAST_DIGIT : step;
}

/** Our minor units as Stripe counts them; null for an amount that Stripe cannot express. */
export function amountToStripe(amountMinor: number, currencyCode: string): number | null {
  const places = placesAtStripe(currencyCode);
  const amount = amountMinor * 10 ** (places - placesOf(currencyCode));
  if (!Number.isSafeInteger(amount)) return null;
  return places === THREE_PLACES && amount % LAST_DIGIT !== 0 ? null : amount;
}

/** What Stripe counts, in our minor units; rounded down where a currency has fewer places with us than with Stripe. */
export function amountFromStripe(amount: number, currencyCode: string): number {
  return Math.floor(amount * 10 ** (placesOf(currencyCode) - placesAtStripe(currencyCode)));
}
