import type { BugInData } from './bug.ts';

/** Appends an event to the stream of an earlier one, `e`, as its next version and without a cause. */
const append = (
  type: string,
  data: string,
) => `log_append(array[e.partition], array[e.category], array[e.stream_id],
  array[(select max(version) + 1 from events where stream_id = e.stream_id and category = e.category)],
  array[gen_random_uuid()], array['${type}'], array[1], array[(${data})::text], array['{}'])`;

const REFUND = '01900000-0000-7000-8000-00000000000f';

/** What would be left of bugs in ledger, refunds, settlements, invoices and calls. */
export const BUGS_IN_MONEY_DATA: readonly BugInData[] = [
  {
    name: 'a refund is booked twice',
    breaks: [13],
    statements: {
      payments: `
        with e as materialized (select * from events where type = 'PaymentCaptured' and data ->> 'method' = 'TERMS' limit 1),
        said as materialized (
          select ${append('PaymentRefunded', `e.data || '{"refundId":"${REFUND}","reason":"broken","amountMinor":1}'`)} from e)
        insert into ledger_entries
          (entry_id, kind, order_id, shipment_id, refund_id, debit_account, credit_account, currency_code, amount_minor)
        select gen_random_uuid(), 'REFUND', (e.data ->> 'orderId')::uuid, (e.data ->> 'shipmentId')::uuid, '${REFUND}', 'sales',
          'receivable/' || (e.data ->> 'partnerId'), e.data ->> 'currencyCode', 1
        from e cross join said cross join generate_series(1, 2)`,
    },
  },
  {
    name: 'a partner settles and nothing is booked',
    breaks: [11, 13],
    statements: {
      payments: `
        select ${append(
          'PaymentReceived',
          `jsonb_build_object('partnerId', e.stream_id, 'settlementId', gen_random_uuid(), 'amountMinor', 100,
            'currencyCode', e.data ->> 'currencyCode', 'reference', 'bank')`,
        )}
        from (select * from events where type = 'CreditLimitSet' limit 1) e`,
    },
  },
  {
    name: 'an invoice number is missing',
    breaks: [13],
    statements: {
      payments: `update invoices set number = number + 1 where number = (select max(number) from invoices)`,
    },
  },
  {
    name: 'a shipment is never invoiced',
    breaks: [13],
    statements: {
      payments: `delete from invoices where number = (select max(number) from invoices)`,
    },
  },
  {
    name: 'an invoice is over more than left',
    breaks: [13],
    statements: {
      payments: `update invoices set total_minor = total_minor + 1 where number = 1`,
    },
  },
  {
    name: 'a call is given up and nobody is told',
    breaks: [4],
    statements: {
      payments: `update payment_calls set state = 'held' where provider_key = (select min(provider_key) from payment_calls)`,
    },
  },
];
