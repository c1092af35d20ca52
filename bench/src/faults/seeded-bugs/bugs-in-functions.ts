import type { BugInFunctions, Edit } from './bug.ts';

const edit = (database: Edit['database'], name: string, from: string, to: string): Edit => ({
  database,
  function: name,
  from,
  to,
});

const ORDER_ROWS = `_placed_by, verdicts) AS u (id, p, pa, nr, po, sp, cc, t, un, pb, v)
  WHERE u.v = 'NEW'`;
const orderRows = (condition: string) =>
  edit('orders', 'orders_place', ORDER_ROWS, ORDER_ROWS.replace("u.v = 'NEW'", condition));

const PLACING: readonly BugInFunctions[] = [
  {
    name: 'an order is acknowledged and its row is not written',
    breaks: [1, 2],
    edits: [orderRows("u.v = 'NEW' AND u.po NOT LIKE '%plain-1'")],
    hangs: true,
  },
  {
    name: 'a refused PO number leaves its order',
    breaks: [2, 3],
    edits: [orderRows("u.v IN ('NEW', 'DUPLICATE_PO_NUMBER')")],
    hangs: true,
  },
  {
    name: 'a refused PO number leaves its key',
    breaks: [2],
    edits: [
      edit(
        'orders',
        'orders_place',
        "AS u (s, k, f, id, v) WHERE u.v = 'NEW'",
        "AS u (s, k, f, id, v) WHERE u.v IN ('NEW', 'DUPLICATE_PO_NUMBER')",
      ),
    ],
  },
  {
    name: 'a PO number is given twice',
    breaks: [3],
    edits: [edit('orders', 'orders_place', 'IF written < wanted THEN', 'IF false THEN')],
  },
  {
    name: 'a key is forgotten',
    breaks: [3],
    edits: [
      edit('orders', 'log_check_keys', "WHEN k.key IS NULL THEN 'NEW'", "WHEN true THEN 'NEW'"),
      edit('orders', 'log_store_keys', 'ORDER BY s, k', 'ORDER BY s, k ON CONFLICT DO NOTHING'),
      edit('orders', 'orders_place', 'IF written < wanted THEN', 'IF false THEN'),
    ],
  },
  {
    name: 'a replay is acknowledged without a commit of its own',
    breaks: [3],
    edits: [edit('orders', 'log_check_keys', 'SET replays = i.replays + 1', 'SET replays = i.replays')],
  },
];

const LOGS: readonly BugInFunctions[] = [
  {
    name: 'a release is never told to its warehouse',
    breaks: [4],
    edits: [
      edit(
        'fulfillment',
        'fulfillment_move_shipments',
        "WHERE u.status = 'RELEASED' ORDER BY 1",
        'WHERE false',
      ),
    ],
    hangs: true,
  },
  {
    name: 'a stream begins with its second version',
    breaks: [5],
    edits: [edit('payments', 'log_append', 'u.c, u.s, u.v, u.e', 'u.c, u.s, u.v + 1, u.e')],
  },
  {
    name: 'an order that has shipped ships once more',
    breaks: [5],
    edits: [
      edit(
        'orders',
        'log_append',
        'u.e, u.t, u.sv',
        "u.e, CASE u.t WHEN 'OrderPartiallyShipped' THEN 'OrderShipped' ELSE u.t END, u.sv",
      ),
    ],
  },
  {
    name: 'an append leaves a hole',
    breaks: [6, 7],
    edits: [
      edit('payments', 'log_append', 'c.position + row_number()', 'c.position + 1 + row_number()'),
      edit(
        'payments',
        'log_append',
        'SET position = c.position + n.count',
        'SET position = c.position + 1 + n.count',
      ),
    ],
    hangs: true,
  },
  {
    name: 'the log is published beyond the committed intent',
    breaks: [7, 17],
    edits: [
      edit('orders', 'relay_intend', 'SET position = u.t, event_id = u.e', 'SET position = i.position'),
    ],
    hangs: true,
  },
  {
    name: 'money is taken and nobody is told',
    breaks: [7, 12, 13],
    edits: [
      edit(
        'payments',
        'log_append',
        'JOIN partitions c ON c.partition = u.p;',
        "JOIN partitions c ON c.partition = u.p WHERE u.t <> 'PaymentCaptured';",
      ),
      edit(
        'payments',
        'log_append',
        'FROM unnest(_partition, _event_id) WITH ORDINALITY AS u (p, e, o) GROUP BY u.p',
        "FROM unnest(_partition, _event_id, _type) WITH ORDINALITY AS u (p, e, t, o) WHERE u.t <> 'PaymentCaptured' GROUP BY u.p",
      ),
    ],
  },
  {
    name: 'a worker that lost its lease goes on under its old epoch',
    breaks: [17],
    edits: [
      // It takes its caller's epoch for good instead of comparing it. One that only forgot to compare leaves no trace yet:
      // no event says under which epoch it was written.
      edit(
        'inventory',
        'log_consume',
        'event_id = u."eventId"',
        `event_id = u."eventId", epoch = (_inbox ->> 'epoch')::bigint`,
      ),
      edit('inventory', 'log_consume', `AND o.epoch = (_inbox ->> 'epoch')::bigint`, ''),
      edit('inventory', 'relay_intend', 'AND i.epoch = _epoch', ''),
      edit('inventory', 'lease_renew', 'RETURN FOUND', 'RETURN true'),
    ],
    meanwhile: { inventory: `select lease_acquire('worker', 'another worker', 600000, -600000)` },
  },
];

const STOCK: readonly BugInFunctions[] = [
  {
    name: 'goods leave and no movement says so',
    breaks: [9],
    edits: [edit('inventory', 'stock_apply', 'ON g.i = m.g', "ON g.i = m.g AND g.k <> 'ship'")],
  },
  {
    name: 'goods leave and stay on the books',
    breaks: [9],
    edits: [edit('inventory', 'stock_move', 'SET on_hand = s.on_hand + u.h', 'SET on_hand = s.on_hand')],
  },
  {
    name: 'units are promised again and again',
    breaks: [9, 10],
    edits: [
      edit(
        'inventory',
        'totals_move',
        'SET sellable = t.sellable + u.s, reserved = t.reserved + u.r',
        'SET is_low = t.is_low',
      ),
      edit('inventory', 'totals_move', 'WHERE t.sku = u.k AND', 'WHERE t.sku = u.k OR t.sku = u.k AND'),
    ],
  },
  {
    name: 'a rejected order keeps its stock',
    breaks: [9, 11],
    edits: [
      edit(
        'inventory',
        'reservations_write',
        'u.p, u.s, u.c = 1',
        "u.p, replace(u.s, 'RELEASED', 'RESERVED'), u.c = 1",
      ),
      edit(
        'inventory',
        'reservations_write',
        'lines = excluded.lines, waiting',
        'lines = CASE WHEN excluded.closed THEN r.lines ELSE excluded.lines END, waiting',
      ),
    ],
  },
];

const MONEY: readonly BugInFunctions[] = [
  {
    name: 'credit is taken twice for one order',
    breaks: [11],
    edits: [edit('payments', 'credit_move', 'a.exposure_minor + u.d\n', 'a.exposure_minor + 2 * u.d\n')],
  },
  {
    name: 'credit is granted and not counted',
    breaks: [11, 13],
    edits: [
      edit(
        'payments',
        'credit_move',
        'SET exposure_minor = a.exposure_minor + u.d',
        'SET exposure_minor = a.exposure_minor',
      ),
    ],
  },
  {
    name: 'a taking is booked twice',
    breaks: [12, 13],
    edits: [
      edit(
        'payments',
        'ledger_post',
        '_credit, _currency_code, _amount);',
        `_credit, _currency_code, _amount);
  INSERT INTO ledger_entries (entry_id, order_id, shipment_id, debit_account, credit_account, currency_code, amount_minor)
  SELECT gen_random_uuid(), * FROM unnest(_order_id, _shipment_id, _debit, _credit, _currency_code, _amount);`,
      ),
    ],
  },
];

/** What looks odd and is right: the checker must not accuse it. */
const HARMLESS: readonly BugInFunctions[] = [
  {
    name: 'another worker has the lease for a moment',
    breaks: [],
    edits: [],
    meanwhile: {
      inventory: `select lease_acquire('worker', 'another worker', 300, -600000)`,
      payments: `select lease_acquire('worker', 'another worker', 300, -600000)`,
    },
  },
  {
    name: 'an order is rejected before its reservation is heard of',
    breaks: [],
    edits: [
      edit(
        'orders',
        'orders_place',
        "RETURN QUERY SELECT u.o::int, CASE u.v WHEN 'NEW' THEN 'PLACED'",
        `PERFORM log_append(ARRAY[u.p], ARRAY['order'], ARRAY[u.id::text], ARRAY[2], ARRAY[gen_random_uuid()], ARRAY['OrderRejected'],
    ARRAY[1], ARRAY[jsonb_build_object('orderId', u.id, 'partnerId', u.pa, 'number', u.nr, 'reason', 'EXPIRED')::text], ARRAY['{}'])
  FROM unnest(_partition, _order_id, _partner_id, _number, _po_number, verdicts) AS u (p, id, pa, nr, po, v)
  WHERE u.v = 'NEW' AND u.po LIKE '%plain-_';
  UPDATE orders o SET status = 'REJECTED', status_reason = 'EXPIRED', version = 2 WHERE o.order_id = ANY (_order_id)
    AND o.po_number LIKE '%plain-_' AND o.version = 1;
  DELETE FROM po_numbers p WHERE p.order_id = ANY (_order_id) AND p.po_number LIKE '%plain-_';
  RETURN QUERY SELECT u.o::int, CASE u.v WHEN 'NEW' THEN 'PLACED'`,
      ),
    ],
  },
];

export const BUGS_IN_FUNCTIONS: readonly BugInFunctions[] = [
  ...PLACING,
  ...LOGS,
  ...STOCK,
  ...MONEY,
  ...HARMLESS,
];
