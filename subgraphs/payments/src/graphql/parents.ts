// What resolvers of a type get as their parent, where that is not the type itself.

import type { PaymentView } from '../read-models/order-payments.ts';
import type { RefundView } from '../read-models/order-refunds.ts';
import type { CreditView } from '../read-models/partner-credit.ts';

export type PaymentParent = PaymentView;
export type RefundParent = RefundView;
export type CreditAccountParent = CreditView;
