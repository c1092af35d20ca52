// Another platform as it is measured beside ours: through its own public API, with its own dummy payment.

/** Where a shelf of goods is, from 0: product 0 is the contested one, the others have plenty. */
export interface PeerLine {
  readonly product: number;
  readonly quantity: number;
}

/** What became of one attempt to buy: an order the API accepted, none since there is no stock, or anything else by its name. */
export type Bought = 'sold' | 'short' | Readonly<{ error: string }>;

export interface PeerBuyer {
  /** Buys until the platform has answered; never rejects. */
  readonly buy: (lines: readonly PeerLine[]) => Promise<Bought>;
}

export interface PeerShop {
  readonly name: string;
  readonly version: string;
  /** How it was set up and what an order takes, in a few words. */
  readonly setUp: string;
  /** A buyer of its own, with what it needs before it can buy (a session, a partner). */
  readonly buyer: (index: number) => Promise<PeerBuyer>;
  /** Units of the contested product that the platform's own tables say are promised or gone. */
  readonly recorded: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

export interface PeerOptions {
  /** Where its packages and data are; kept from run to run but for the data. */
  readonly folder: string;
  readonly contestedStock: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Products beside the contested one, from which a plain load draws. */
export const PLAIN_PRODUCTS = 1_000;
/** Units of each of them: more than any load buys. */
export const PLENTY = 1_000_000;
export const PRODUCTS = 1 + PLAIN_PRODUCTS;

export const skuOf = (product: number) => `PEER-${product}`;
export const stockOf = (product: number, { contestedStock }: Pick<PeerOptions, 'contestedStock'>) =>
  product === 0 ? contestedStock : PLENTY;
