// What a restored database is compared by.

// What is left out is not in the log: why a plan was chosen, when rows were made, how often they were written, and whom a WMS
// has answered already.
export const RESTORED_ROWS = [
  'SELECT partition, position, category, stream_id, version, event_id, type, data, metadata FROM events ORDER BY 1, 2',
  'SELECT * FROM warehouses ORDER BY warehouse_id',
  `SELECT order_id, partner_id, partition, number, currency_code, ship_to::text, requested_ship_date, lines::text,
   waves::jsonb, held_shipments::jsonb, ended, state, plan_attempts, facts, hold_reason, hold_owner FROM orders ORDER BY order_id`,
  'SELECT order_id, attempt, wave, plan_id FROM plans ORDER BY 1, 2',
  `SELECT shipment_id, order_id, plan_id, partner_id, partition, warehouse_id, status, version, release_epoch, lines::text,
   value_minor, currency_code, carrier, tracking_number, missing::jsonb, confirmed_at IS NULL AS here FROM shipments ORDER BY 1`,
  'SELECT shipment_id, warehouse_id, release_epoch, state FROM outgoing_releases ORDER BY 1',
  'SELECT sku, available::text FROM stock_view ORDER BY 1',
  'SELECT scope, operation, key, fingerprint, result FROM idempotency_keys ORDER BY 1, 2, 3',
  'SELECT source, partition, position, event_id FROM offsets ORDER BY 1, 2',
];
