/** How a card will answer. Only this is kept: the token itself enters neither journal nor log. */
export const CARD_BEHAVIOURS = [
  'approves',
  'approves_late',
  'approves_once',
  'card_declined',
  'insufficient_funds',
] as const;
export type CardBehaviour = (typeof CARD_BEHAVIOURS)[number];

/** Time that a late card takes to answer. */
export const LATE_CARD_MS = 3_000;

const SPECIAL_CARDS = new Map<string, CardBehaviour>([
  ['tok_declined', 'card_declined'],
  ['tok_insufficient', 'insufficient_funds'],
  [`tok_${LATE_CARD_MS}ms`, 'approves_late'],
  ['tok_declined_on_renewal', 'approves_once'],
]);

/** Every `tok_…` is a card; undefined for anything else. */
export function behaviourOf(cardToken: string): CardBehaviour | undefined {
  if (!/^tok_./.test(cardToken)) return undefined;
  return SPECIAL_CARDS.get(cardToken) ?? 'approves';
}

export function declineCodeOf(card: CardBehaviour): string | undefined {
  return card === 'card_declined' || card === 'insufficient_funds' ? card : undefined;
}

/** How the card behaves when an authorisation on it is renewed. */
export function behaviourOnRenewal(card: CardBehaviour): CardBehaviour {
  return card === 'approves_once' ? 'card_declined' : card;
}
