import type { PaymentProvider, Providers } from '../ports.ts';

/** The configured providers, the preferred one first; throws when there is none or two have one name. */
export function createProviders(all: readonly PaymentProvider[]): Providers {
  const [preferred] = all;
  if (preferred === undefined) throw new Error('No payment provider is configured');
  const byName = new Map(all.map((each) => [each.name, each]));
  if (byName.size < all.length) throw new Error('Two payment providers have the same name');
  return {
    all,
    named: (name) => (name === null ? preferred : (byName.get(name) ?? null)),
    forNew: () => all.find((each) => each.isAvailable()) ?? preferred,
    accepting: (cardToken) => {
      const accepting = all.filter((each) => each.accepts(cardToken));
      return accepting.find((each) => each.isAvailable()) ?? accepting[0] ?? null;
    },
  };
}
