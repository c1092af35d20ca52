import type { FoldedReadModel } from '@crossdock/messaging';
import { partnersOf } from './payments-consumer.ts';

const PARTNER_FACTS: readonly string[] = ['PartnerRegistered', 'PartnerRevised'];

/** Tables that are nothing but what the others said. */
export const FOLDED_TABLES: readonly FoldedReadModel[] = [
  {
    kind: 'folded',
    name: 'payments.partners',
    about: "orders' partners, as far as money needs them",
    table: 'partners',
    consumer: 'payments',
    sources: ['orders'],
    wants: (_source, type) => PARTNER_FACTS.includes(type),
    fold: (events) =>
      partnersOf(events).map(({ partnerId, partition, currencyCode }) => ({
        partner_id: partnerId,
        partition,
        currency_code: currencyCode,
      })),
  },
];
