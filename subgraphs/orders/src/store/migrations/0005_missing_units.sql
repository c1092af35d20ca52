-- The shipments of which a warehouse misses units, so that their order stays with its owner until they are confirmed.
-- [{"shipmentId", "hold": {"reason", "owner"}}, ...], the latest last; null for every other order.
ALTER TABLE orders ADD COLUMN missing_units jsonb;

-- Called behind orders_apply or orders_import in the same statement, so that the rows are locked and their versions compared.
CREATE FUNCTION orders_keep_missing(_order_id uuid[], _missing text[]) RETURNS void LANGUAGE sql AS $$
  UPDATE orders o SET missing_units = u.m::jsonb FROM unnest(_order_id, _missing) AS u (id, m)
  WHERE o.order_id = u.id AND o.missing_units IS DISTINCT FROM u.m::jsonb;
$$;

-- As before, compared and written with the missing units too.
-- Cancels an order, or units of it, as it was decided. Verdicts: NEW (done), REPLAYED, KEY_REUSED, IN_FLIGHT.
-- `_before` is what was decided on: {version, stock, payment, book, early, missing, unitsShipped}. What is only noted of the others takes no
-- version, so that all of it is compared. `_after`: {version, status, statusReason, heldFrom, holdReason, holdOwner, unitsConfirmed,
-- book, missing}. A cancelled order gives its PO number back.
CREATE OR REPLACE FUNCTION orders_cancel(
  _scope text, _key text, _fingerprint text, _order_id uuid, _before jsonb, _after jsonb,
  _partition int[], _category text[], _stream_id text[], _version int[], _event_id uuid[], _type text[], _schema_version int[],
  _data text[], _metadata text[]
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  verdict text;
  written int;
BEGIN
  SELECT k.verdict INTO verdict FROM log_check_keys(ARRAY[_scope], 'cancelOrder', ARRAY[_key], ARRAY[_fingerprint]) k;
  IF verdict <> 'NEW' THEN RETURN verdict; END IF;
  PERFORM log_store_keys(ARRAY[_scope], 'cancelOrder', ARRAY[_key], ARRAY[_fingerprint], ARRAY[_order_id::text]);
  PERFORM 1 FROM orders WHERE order_id = _order_id FOR NO KEY UPDATE;
  UPDATE orders o SET
    status = _after ->> 'status', status_reason = _after ->> 'statusReason', version = (_after ->> 'version')::int,
    held_from = _after ->> 'heldFrom', hold_reason = _after ->> 'holdReason', hold_owner = _after ->> 'holdOwner',
    units_confirmed = (_after ->> 'unitsConfirmed')::bigint, book = nullif(_after -> 'book', 'null'::jsonb),
    missing_units = nullif(_after -> 'missing', '[]'::jsonb),
    advanced_at = clock_timestamp(),
    confirmed_at = CASE WHEN _after ->> 'unitsConfirmed' IS NOT NULL THEN coalesce(o.confirmed_at, clock_timestamp()) END,
    shipped_at = CASE WHEN _after ->> 'status' = 'SHIPPED' THEN clock_timestamp() END
  WHERE o.order_id = _order_id AND o.version = (_before ->> 'version')::int AND o.stock = _before ->> 'stock'
    AND o.payment = _before ->> 'payment' AND o.units_shipped = (_before ->> 'unitsShipped')::bigint
    AND coalesce(o.book, 'null'::jsonb) = _before -> 'book' AND o.heard_early = _before -> 'early'
    AND coalesce(o.missing_units, '[]'::jsonb) = _before -> 'missing';
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, 1, 'order version');
  DELETE FROM po_numbers p USING orders o
  WHERE _after ->> 'status' = 'CANCELLED' AND o.order_id = _order_id AND p.partner_id = o.partner_id AND p.po_number = o.po_number
    AND p.order_id = _order_id;
  UPDATE order_watches SET look_at = clock_timestamp() WHERE order_id = _order_id;
  PERFORM log_append(_partition, _category, _stream_id, _version, _event_id, _type, _schema_version, _data, _metadata);
  RETURN verdict;
END $$;
