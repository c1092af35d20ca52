import type { CreditAccount } from '../domain/credit.ts';
import type { StoredCredit } from '../store/credit-accounts.ts';
import type { CreditMove } from '../store/write-payments.ts';

/** A partner's credit within a batch: as it was read, and what the batch has moved so far. */
type Tally = {
  readonly partition: number;
  readonly account: CreditAccount;
  delta: number;
  /** The highest sum of movements at which credit was reserved: what the write must find room for. */
  peak: number | null;
  /** An invoice of the partner changes: the account is locked though it moves by nothing. */
  bills: boolean;
};

export type Movement = Readonly<{
  partnerId: string;
  partition: number;
  currencyCode: string;
  deltaMinor: number;
  reserves: boolean;
  bills: boolean;
}>;

/** Sums a batch up to one movement for each partner, while every decision sees those before it. */
export type CreditTally = Readonly<{
  now: (partnerId: string) => CreditAccount | null;
  move: (movement: Movement) => void;
  moves: () => CreditMove[];
}>;

export function openCreditTally(stored: readonly StoredCredit[]): CreditTally {
  const accounts = new Map(stored.map((each) => [each.partnerId, each.account]));
  const tallies = new Map<string, Tally>();
  return {
    now: (partnerId) => {
      const account = tallies.get(partnerId)?.account ?? accounts.get(partnerId);
      if (account === undefined) return null;
      return { ...account, exposureMinor: account.exposureMinor + (tallies.get(partnerId)?.delta ?? 0) };
    },
    move: ({ partnerId, partition, currencyCode, deltaMinor, reserves, bills }) => {
      const unset: CreditAccount = { currencyCode, limitMinor: 0, exposureMinor: 0, limitSet: false };
      const account = accounts.get(partnerId) ?? unset;
      const tally = tallies.get(partnerId) ?? { partition, account, delta: 0, peak: null, bills: false };
      tallies.set(partnerId, tally);
      tally.delta += deltaMinor;
      tally.bills ||= bills;
      if (reserves) tally.peak = Math.max(tally.peak ?? tally.delta, tally.delta);
    },
    moves: () => [...tallies].flatMap(([partnerId, tally]) => moveOf(partnerId, tally)),
  };
}

function moveOf(partnerId: string, { partition, account, delta, peak, bills }: Tally): CreditMove[] {
  if (delta === 0 && peak === null && !bills) return [];
  return [{ partnerId, partition, currencyCode: account.currencyCode, deltaMinor: delta, peakMinor: peak }];
}
