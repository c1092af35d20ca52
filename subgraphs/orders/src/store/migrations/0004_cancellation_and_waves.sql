-- An order of which some units were cancelled, wait for receipts, or broke is kept line by line; every other order needs no more
-- room than before.

-- {"lines": [{sku, ordered, cancelled, claimed, confirmed}, ...], "heardWave", "waves": [{wave, lines, payment}, ...],
--  "restWaits", "brokenWhole"}: domain/order-book.ts says what they mean. It takes the place of what was reserved of an order where that was
-- less than all; such orders get their book here.
ALTER TABLE orders ADD COLUMN book jsonb;
UPDATE orders o SET book = (
  SELECT jsonb_build_object(
    'lines', jsonb_agg(jsonb_build_object(
      'sku', l.line ->> 'sku', 'ordered', l.ordered, 'claimed', l.reserved,
      'confirmed', CASE WHEN o.units_confirmed IS NULL THEN 0 ELSE l.reserved END,
      'cancelled', CASE WHEN o.units_confirmed IS NULL THEN 0 ELSE l.ordered - l.reserved END) ORDER BY l.place),
    'heardWave', 1, 'restWaits', false, 'brokenWhole', NULL,
    'waves', jsonb_build_array(jsonb_build_object(
      'wave', 1, 'payment', o.payment,
      'lines', CASE WHEN o.units_confirmed IS NULL THEN o.reserved_lines ELSE '[]'::jsonb END)))
  FROM (
    SELECT p.line, p.place, (p.line ->> 'quantity')::bigint AS ordered,
           coalesce((SELECT (r ->> 'quantity')::bigint FROM jsonb_array_elements(o.reserved_lines) r
                     WHERE r ->> 'sku' = p.line ->> 'sku'), 0) AS reserved
    FROM events e CROSS JOIN jsonb_array_elements(e.data -> 'lines') WITH ORDINALITY AS p (line, place)
    WHERE e.category = 'order' AND e.stream_id = o.order_id::text AND e.version = 1) l)
WHERE o.reserved_lines IS NOT NULL;
ALTER TABLE orders DROP COLUMN reserved_lines;

-- Units can break after they were confirmed, and goods that left are counted in every state: also beyond what is confirmed now.
ALTER TABLE orders DROP CONSTRAINT orders_ship_what_was_confirmed;

-- Applies what the others said: offsets, the orders' rows at the versions they were decided on, timeline, events. All or
-- nothing. An order that was rejected or cancelled gives its PO number back; a held one is watched from now on.
DROP FUNCTION orders_apply(
  jsonb, uuid[], int[], int[], text[], text[], text[], text[], bigint[], bigint[], text[], text[], text[], text[], text,
  uuid[], text[], bigint[], text[], int[], text[], timestamptz[], int[], text[], int[], uuid[], text[], text[], text[]);
CREATE FUNCTION orders_apply(
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
      shipped_at = CASE WHEN u.s = 'SHIPPED' THEN coalesce(o.shipped_at, clock_timestamp()) END
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

-- Called behind orders_apply in the same statement, so that the rows are locked and their versions compared. Whoever watches one
-- of these looks soon: an order that waited for a season may have two minutes now.
CREATE FUNCTION orders_keep_books(_order_id uuid[], _book text[]) RETURNS void LANGUAGE sql AS $$
  UPDATE orders o SET book = u.b::jsonb FROM unnest(_order_id, _book) AS u (id, b) WHERE o.order_id = u.id;
  UPDATE order_watches w SET look_at = clock_timestamp() FROM (
    SELECT order_id FROM order_watches WHERE order_id = ANY (_order_id) ORDER BY order_id FOR NO KEY UPDATE) l
  WHERE w.order_id = l.order_id;
$$;

-- Cancels an order, or units of it, as it was decided. Verdicts: NEW (done), REPLAYED, KEY_REUSED, IN_FLIGHT.
-- `_before` is what was decided on: {version, stock, payment, book, early, unitsShipped}. What is only noted of the others takes no
-- version, so that all of it is compared. `_after`: {version, status, statusReason, heldFrom, holdReason, holdOwner, unitsConfirmed,
-- book}. A cancelled order gives its PO number back.
CREATE FUNCTION orders_cancel(
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
    advanced_at = clock_timestamp(),
    confirmed_at = CASE WHEN _after ->> 'unitsConfirmed' IS NOT NULL THEN coalesce(o.confirmed_at, clock_timestamp()) END,
    shipped_at = CASE WHEN _after ->> 'status' = 'SHIPPED' THEN clock_timestamp() END
  WHERE o.order_id = _order_id AND o.version = (_before ->> 'version')::int AND o.stock = _before ->> 'stock'
    AND o.payment = _before ->> 'payment' AND o.units_shipped = (_before ->> 'unitsShipped')::bigint
    AND coalesce(o.book, 'null'::jsonb) = _before -> 'book' AND o.heard_early = _before -> 'early';
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, 1, 'order version');
  DELETE FROM po_numbers p USING orders o
  WHERE _after ->> 'status' = 'CANCELLED' AND o.order_id = _order_id AND p.partner_id = o.partner_id AND p.po_number = o.po_number
    AND p.order_id = _order_id;
  UPDATE order_watches SET look_at = clock_timestamp() WHERE order_id = _order_id;
  PERFORM log_append(_partition, _category, _stream_id, _version, _event_id, _type, _schema_version, _data, _metadata);
  RETURN verdict;
END $$;

-- As before, with books; cancelled orders give their PO numbers back too.
CREATE OR REPLACE FUNCTION orders_import(_import jsonb, _orders jsonb, _partners jsonb, _reminders jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM log_import(_import);
  INSERT INTO orders AS o (order_id, partition, partner_id, number, po_number, status, status_reason, version, shortage_policy,
    currency_code, total_minor, units_ordered, units_confirmed, units_shipped, stock, payment, book, placed_by,
    placed_at, advanced_at, confirmed_at, released_at, shipped_at, held_from, hold_reason, hold_owner, heard_early)
  SELECT u."orderId", u.partition, u."partnerId", u.number, u."poNumber", u.status, u."statusReason", u.version, u."shortagePolicy",
    u."currencyCode", u."totalMinor", u."unitsOrdered", u."unitsConfirmed", u."unitsShipped", u.stock, u.payment,
    nullif(u.book, 'null'::jsonb), u."placedBy", u."placedAt", u."advancedAt", u."confirmedAt",
    u."releasedAt", u."shippedAt", u."heldFrom", u.hold ->> 'reason', u.hold ->> 'owner', u.early
  FROM jsonb_to_recordset(_orders) AS u ("orderId" uuid, partition int, "partnerId" text, number text, "poNumber" text, status text,
    "statusReason" text, version int, "shortagePolicy" text, "currencyCode" text, "totalMinor" bigint, "unitsOrdered" bigint,
    "unitsConfirmed" bigint, "unitsShipped" bigint, stock text, payment text, book jsonb, "placedBy" text,
    "placedAt" timestamptz, "advancedAt" timestamptz, "heldFrom" text, hold jsonb, early jsonb, "confirmedAt" timestamptz, "releasedAt" timestamptz, "shippedAt" timestamptz)
  ORDER BY u."orderId"
  ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, status_reason = excluded.status_reason,
    version = excluded.version, units_confirmed = excluded.units_confirmed, units_shipped = excluded.units_shipped,
    stock = excluded.stock, payment = excluded.payment, book = excluded.book,
    confirmed_at = excluded.confirmed_at, released_at = excluded.released_at, shipped_at = excluded.shipped_at,
    advanced_at = excluded.advanced_at, held_from = excluded.held_from, hold_reason = excluded.hold_reason,
    hold_owner = excluded.hold_owner, heard_early = excluded.heard_early;
  -- First the numbers that were given back, so that the order that took one after it finds it free.
  DELETE FROM po_numbers p USING orders o, jsonb_to_recordset(_orders) AS u ("orderId" uuid, status text)
  WHERE u.status IN ('REJECTED', 'CANCELLED') AND o.order_id = u."orderId" AND p.partner_id = o.partner_id AND p.po_number = o.po_number
    AND p.order_id = o.order_id;
  INSERT INTO po_numbers (partner_id, po_number, order_id)
  SELECT u."partnerId", u."poNumber", u."orderId"
  FROM jsonb_to_recordset(_orders) AS u ("orderId" uuid, "partnerId" text, "poNumber" text, status text)
  WHERE u."poNumber" IS NOT NULL AND u.status NOT IN ('REJECTED', 'CANCELLED') ORDER BY 1, 2
  ON CONFLICT DO NOTHING;
  INSERT INTO partners (partner_id, partition, name, currency_code, payment_methods, ship_to, version)
  SELECT u."partnerId", u.partition, u.name, u."currencyCode", ARRAY(SELECT jsonb_array_elements_text(u."paymentMethods")),
    nullif(u."shipTo", 'null'::jsonb), u.version
  FROM jsonb_to_recordset(_partners) AS u ("partnerId" text, partition int, name text, "currencyCode" text, "paymentMethods" jsonb,
    "shipTo" jsonb, version int) ORDER BY 1
  ON CONFLICT (partner_id) DO UPDATE SET name = excluded.name, payment_methods = excluded.payment_methods,
    ship_to = excluded.ship_to, version = excluded.version;
  INSERT INTO order_watches AS w (order_id, said)
  SELECT u."orderId", max(u.said) FROM jsonb_to_recordset(_reminders) AS u ("orderId" uuid, said int) GROUP BY 1 ORDER BY 1
  ON CONFLICT (order_id) DO UPDATE SET said = greatest(w.said, excluded.said);
END $$;
