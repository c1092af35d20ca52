-- Calls to a card's provider that hold an order, and the holds of others that stand beneath the one in force:
-- {"calls": [{"operation", "instance", "hold": {"reason", "owner"}}, ...], "covered": [{"reason", "owner"}, ...]}, the latest last;
-- null for every other order.
ALTER TABLE orders ADD COLUMN held_payments jsonb;

-- Called behind orders_apply or orders_import in the same statement, so that the rows are locked and their versions compared.
CREATE FUNCTION orders_keep_held_payments(_order_id uuid[], _held text[]) RETURNS void LANGUAGE sql AS $$
  UPDATE orders o SET held_payments = u.h::jsonb FROM unnest(_order_id, _held) AS u (id, h)
  WHERE o.order_id = u.id AND o.held_payments IS DISTINCT FROM u.h::jsonb;
$$;

-- As before, but an order that is held once all has left keeps the instant at which it did.
-- Applies what the others said: offsets, the orders' rows at the versions they were decided on, timeline, events. All or
-- nothing. An order that was rejected or cancelled gives its PO number back; a held one is watched from now on.
CREATE OR REPLACE FUNCTION orders_apply(
  _inbox jsonb,
  _order_id uuid[], _expected int[], _version int[], _status text[], _status_reason text[], _stock text[], _payment text[],
  _units_confirmed bigint[], _units_shipped bigint[],
  _held_from text[], _hold_reason text[], _hold_owner text[],
  _products text,
  _t_order uuid[], _t_source text[], _t_position bigint[], _t_type text[], _t_version int[], _t_detail text[], _t_at timestamptz[],
  _partition int[], _stream_id text[], _event_version int[], _event_id uuid[], _type text[], _data text[], _metadata text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  PERFORM log_consume(_inbox);
  IF cardinality(_order_id) > 0 THEN
    PERFORM 1 FROM orders WHERE order_id = ANY (_order_id) ORDER BY order_id FOR NO KEY UPDATE;
    UPDATE orders o SET
      version = u.v, status = u.s, status_reason = u.r, stock = u.st, payment = u.pm, units_confirmed = u.uc,
      units_shipped = u.us, held_from = u.hf, hold_reason = u.hr, hold_owner = u.ho,
      advanced_at = CASE WHEN u.v > o.version THEN clock_timestamp() ELSE o.advanced_at END,
      confirmed_at = CASE WHEN u.uc IS NOT NULL THEN coalesce(o.confirmed_at, clock_timestamp()) END,
      released_at = CASE WHEN coalesce(u.hf, u.s) IN ('RELEASED', 'PARTIALLY_SHIPPED', 'SHIPPED')
                         THEN coalesce(o.released_at, clock_timestamp()) ELSE o.released_at END,
      shipped_at = CASE WHEN coalesce(u.hf, u.s) = 'SHIPPED' THEN coalesce(o.shipped_at, clock_timestamp()) END
    FROM unnest(_order_id, _expected, _version, _status, _status_reason, _stock, _payment, _units_confirmed, _units_shipped,
                _held_from, _hold_reason, _hold_owner) AS u (id, x, v, s, r, st, pm, uc, us, hf, hr, ho)
    WHERE o.order_id = u.id AND o.version = u.x;
    GET DIAGNOSTICS written = ROW_COUNT;
    PERFORM log_guard(written, cardinality(_order_id), 'order version');
    DELETE FROM po_numbers p USING orders o, unnest(_order_id, _status) AS u (id, s)
    WHERE u.s IN ('REJECTED', 'CANCELLED') AND o.order_id = u.id AND p.partner_id = o.partner_id
      AND p.po_number = o.po_number AND p.order_id = u.id;
    IF 'ON_HOLD' = ANY (_status) THEN
      INSERT INTO order_watches AS w (order_id, stuck)
      SELECT u.id, true FROM unnest(_order_id, _status) AS u (id, s) WHERE u.s = 'ON_HOLD' ORDER BY u.id
      ON CONFLICT (order_id) DO UPDATE SET stuck = true;
    END IF;
  END IF;
  IF _products IS NOT NULL THEN
    INSERT INTO products (sku, name, list_price_minor, currency_code)
    SELECT u.sku, u.name, u."listPriceMinor", u."currencyCode"
    FROM jsonb_to_recordset(_products::jsonb) AS u (sku text, name text, "listPriceMinor" bigint, "currencyCode" text) ORDER BY u.sku
    ON CONFLICT (sku) DO UPDATE SET name = excluded.name, list_price_minor = excluded.list_price_minor, currency_code = excluded.currency_code;
  END IF;
  INSERT INTO timeline_entries (order_id, source, position, type, version, detail, occurred_at)
  SELECT * FROM unnest(_t_order, _t_source, _t_position, _t_type, _t_version, _t_detail, _t_at);
  PERFORM log_append(_partition, array_fill('order'::text, ARRAY[cardinality(_partition)]), _stream_id, _event_version, _event_id,
                     _type, array_fill(1, ARRAY[cardinality(_partition)]), _data, _metadata);
END $$;

-- As before, compared and written with the held payments too.
-- Cancels an order, or units of it, as it was decided. Verdicts: NEW (done), REPLAYED, KEY_REUSED, IN_FLIGHT.
-- `_before` is what was decided on: {version, stock, payment, book, early, missing, heldPayments, unitsShipped}. What is only noted of the others takes no
-- version, so that all of it is compared. `_after`: {version, status, statusReason, heldFrom, holdReason, holdOwner, unitsConfirmed,
-- book, missing, heldPayments}. A cancelled order gives its PO number back.
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
    held_payments = nullif(_after -> 'heldPayments', '{"calls": [], "covered": []}'::jsonb),
    advanced_at = clock_timestamp(),
    confirmed_at = CASE WHEN _after ->> 'unitsConfirmed' IS NOT NULL THEN coalesce(o.confirmed_at, clock_timestamp()) END,
    shipped_at = CASE WHEN coalesce(_after ->> 'heldFrom', _after ->> 'status') = 'SHIPPED' THEN clock_timestamp() END
  WHERE o.order_id = _order_id AND o.version = (_before ->> 'version')::int AND o.stock = _before ->> 'stock'
    AND o.payment = _before ->> 'payment' AND o.units_shipped = (_before ->> 'unitsShipped')::bigint
    AND coalesce(o.book, 'null'::jsonb) = _before -> 'book' AND o.heard_early = _before -> 'early'
    AND coalesce(o.missing_units, '[]'::jsonb) = _before -> 'missing'
    AND coalesce(o.held_payments, '{"calls": [], "covered": []}'::jsonb) = _before -> 'heldPayments';
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, 1, 'order version');
  DELETE FROM po_numbers p USING orders o
  WHERE _after ->> 'status' = 'CANCELLED' AND o.order_id = _order_id AND p.partner_id = o.partner_id AND p.po_number = o.po_number
    AND p.order_id = _order_id;
  UPDATE order_watches SET look_at = clock_timestamp() WHERE order_id = _order_id;
  PERFORM log_append(_partition, _category, _stream_id, _version, _event_id, _type, _schema_version, _data, _metadata);
  RETURN verdict;
END $$;
