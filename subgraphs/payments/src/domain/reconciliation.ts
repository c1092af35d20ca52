import { compareAuthorisations } from './compare-authorisations.ts';
import { compareCaptures } from './compare-captures.ts';
import { compareRefunds } from './compare-refunds.ts';
import { compareSales } from './compare-sales.ts';
import type { OrderMoney } from './order-money.ts';
import type { PaymentBreak } from './payment-break.ts';

/**
 * Compares the three sides of one order's money. What a call that is being made will find out is no difference; on terms only
 * ledger and shipments are compared. It trusts the order's sides to be of one moment: whoever gathers them makes sure.
 */
export function compare(money: OrderMoney): PaymentBreak[] {
  return [
    ...compareSales(money),
    ...compareAuthorisations(money),
    ...compareCaptures(money),
    ...compareRefunds(money),
  ];
}
