-- A shipment waits for its warehouse with an owner, an order that ended while goods may leave has one, and what a wave has open is
-- inventory's word alone.

-- held_shipments: [{"shipmentId", "why", "reason"}, ...], those that the order is on hold for. ended: nothing more of it is planned.
ALTER TABLE orders
  ADD COLUMN held_shipments json NOT NULL DEFAULT '[]',
  ADD COLUMN ended boolean NOT NULL DEFAULT false;
UPDATE orders SET ended = true
WHERE state = 'CLOSED' OR (state = 'ON_HOLD' AND NOT EXISTS (
  SELECT 1 FROM json_array_elements(waves) w WHERE (w ->> 'isHeld')::boolean));
ALTER TABLE orders ADD CONSTRAINT orders_closed_have_ended CHECK (state <> 'CLOSED' OR ended);

DROP TABLE broken_claims;

DROP FUNCTION fulfillment_apply(jsonb, json, json, json, json, json, json, json, json, json, bigint, boolean, text[],
  int[], text[], text[], int[], uuid[], text[], int[], text[], text[]);
-- The effects of one batch of facts. Orders, plans and the view are written by this call alone, and the offsets' rows
-- make such calls follow one another; warehouses and shipments have other writers and are locked in order.
CREATE FUNCTION fulfillment_apply(
  _inbox jsonb, _placed json, _routed json, _stock_new json, _stock json, _plans json, _shipments json, _moved json,
  _missing json, _retries bigint, _is_retry boolean, _warehouses text[],
  _partition int[], _category text[], _stream_id text[], _version int[], _event_id uuid[], _type text[],
  _schema_version int[], _data text[], _metadata text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  PERFORM log_consume(_inbox);
  PERFORM log_guard((SELECT count(*) FROM held_retries WHERE retries = _retries)::int, 1, 'the view as decided on');
  IF _is_retry THEN UPDATE held_retries SET retries = retries + 1; END IF;

  IF cardinality(_warehouses) > 0 THEN
    PERFORM 1 FROM warehouses WHERE status = 'OPEN' AND warehouse_id = ANY (_warehouses)
    ORDER BY warehouse_id FOR SHARE;
    GET DIAGNOSTICS written = ROW_COUNT;
    PERFORM log_guard(written, cardinality(_warehouses), 'warehouses that are still open');
  END IF;

  IF _placed IS NOT NULL THEN
    INSERT INTO orders (order_id, partner_id, partition, number, currency_code, ship_to, requested_ship_date, lines,
      waves, held_shipments, ended, state, plan_attempts, facts, hold_reason, hold_owner, held_under, version)
    SELECT u."orderId", u."partnerId", u.partition, u.number, u."currencyCode", u."shipTo", u."requestedShipDate",
      u.lines, u.waves, u."heldShipments", u."isEnded", u.state, u."planAttempts", u.facts, u."holdReason", u."holdOwner", u."heldUnder", 1
    FROM json_to_recordset(_placed) AS u ("orderId" uuid, "partnerId" text, partition int, number text,
      "currencyCode" text, "shipTo" json, "requestedShipDate" text, lines json, waves json, "heldShipments" json, "isEnded" boolean, state text,
      "planAttempts" int, facts int, "holdReason" text, "holdOwner" text, "heldUnder" int);
  END IF;

  IF _routed IS NOT NULL THEN
    UPDATE orders o SET waves = u.waves, held_shipments = u."heldShipments", ended = u."isEnded", state = u.state, plan_attempts = u."planAttempts", facts = u.facts,
      hold_reason = u."holdReason", hold_owner = u."holdOwner", held_under = u."heldUnder", version = o.version + 1
    FROM json_to_recordset(_routed) AS u ("orderId" uuid, version int, waves json, "heldShipments" json, "isEnded" boolean, state text,
      "planAttempts" int, facts int, "holdReason" text, "holdOwner" text, "heldUnder" int)
    WHERE o.order_id = u."orderId" AND o.version = u.version;
    GET DIAGNOSTICS written = ROW_COUNT;
    PERFORM log_guard(written, json_array_length(_routed), 'orders as decided on');
  END IF;

  IF _stock_new IS NOT NULL THEN
    INSERT INTO stock_view (sku, available)
    SELECT u.sku, u.available FROM json_to_recordset(_stock_new) AS u (sku text, available json);
  END IF;
  IF _stock IS NOT NULL THEN
    UPDATE stock_view v SET available = u.available
    FROM json_to_recordset(_stock) AS u (sku text, available json) WHERE v.sku = u.sku;
  END IF;

  IF _plans IS NOT NULL THEN
    INSERT INTO plans (order_id, attempt, wave, plan_id, rule, explanation)
    SELECT u."orderId", u.attempt, u.wave, u."planId", u.rule, u.explanation
    FROM json_to_recordset(_plans) AS u ("orderId" uuid, attempt int, wave int, "planId" uuid, rule text, explanation json);
    INSERT INTO shipments (shipment_id, order_id, plan_id, partner_id, partition, warehouse_id, status, lines,
      value_minor, currency_code)
    SELECT u."shipmentId", u."orderId", u."planId", u."partnerId", u.partition, u."warehouseId", 'PLANNED', u.lines,
      u."valueMinor", u."currencyCode"
    FROM json_to_recordset(_shipments) AS u ("shipmentId" uuid, "orderId" uuid, "planId" uuid,
      "partnerId" text, partition int, "warehouseId" text, lines json, "valueMinor" bigint, "currencyCode" text);
  END IF;

  IF _missing IS NOT NULL THEN PERFORM fulfillment_note_missing(_missing, _moved); END IF;
  IF _moved IS NOT NULL THEN PERFORM fulfillment_move_shipments(_moved); END IF;
  PERFORM log_append(_partition, _category, _stream_id, _version, _event_id, _type, _schema_version, _data, _metadata);
END $$;

DROP FUNCTION fulfillment_import(jsonb, json, json, json, json, json, json);
-- Takes the events of a restored log back, and with them the rows that follow from them, while the log is closed and nobody
-- else writes. Rows come whole, as folded.
CREATE FUNCTION fulfillment_import(
  _import jsonb, _warehouses json, _orders json, _plans json, _shipments json, _stock json
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM log_import(_import);
  INSERT INTO warehouses AS w (warehouse_id, name, country, priority, status, version)
  SELECT u."warehouseId", u.name, u.country, u.priority, u.status, u.version
  FROM json_to_recordset(_warehouses) AS u ("warehouseId" text, name text, country text, priority int, status text, version int)
  ORDER BY 1
  ON CONFLICT (warehouse_id) DO UPDATE SET name = excluded.name, country = excluded.country, priority = excluded.priority,
    status = excluded.status, version = excluded.version;
  INSERT INTO orders (order_id, partner_id, partition, number, currency_code, ship_to, requested_ship_date, lines,
    waves, held_shipments, ended, state, plan_attempts, facts, hold_reason, hold_owner, held_under, version)
  SELECT u."orderId", u."partnerId", u.partition, u.number, u."currencyCode", u."shipTo", u."requestedShipDate",
    u.lines, u.waves, u."heldShipments", u."isEnded", u.state, u."planAttempts", u.facts, u."holdReason", u."holdOwner", u."heldUnder", u.version + 1
  FROM json_to_recordset(_orders) AS u ("orderId" uuid, "partnerId" text, partition int, number text,
    "currencyCode" text, "shipTo" json, "requestedShipDate" text, lines json, waves json, "heldShipments" json, "isEnded" boolean, state text,
    "planAttempts" int, facts int, "holdReason" text, "holdOwner" text, "heldUnder" int, version int) ORDER BY 1
  ON CONFLICT (order_id) DO UPDATE SET waves = excluded.waves, held_shipments = excluded.held_shipments,
    ended = excluded.ended, state = excluded.state,
    plan_attempts = excluded.plan_attempts, facts = excluded.facts, hold_reason = excluded.hold_reason,
    hold_owner = excluded.hold_owner, held_under = excluded.held_under, version = excluded.version;
  INSERT INTO plans (order_id, attempt, wave, plan_id, rule, explanation, decided_at)
  SELECT u."orderId", u.attempt, u.wave, u."planId", u.rule, u.explanation, u."decidedAt"
  FROM json_to_recordset(_plans) AS u ("orderId" uuid, attempt int, wave int, "planId" uuid, rule text, explanation json,
    "decidedAt" timestamptz);
  INSERT INTO shipments (shipment_id, order_id, plan_id, partner_id, partition, warehouse_id, status, version, release_epoch,
    lines, value_minor, currency_code, carrier, tracking_number, missing, planned_at, confirmed_at)
  SELECT u."shipmentId", u."orderId", u."planId", u."partnerId", u.partition, u."warehouseId", u.status, u.version,
    u."releaseEpoch", u.lines, u."valueMinor", u."currencyCode", u.carrier, u."trackingNumber", u.missing, u.at,
    CASE WHEN u.status = 'SHIPPED' THEN u.at END
  FROM json_to_recordset(_shipments) AS u ("shipmentId" uuid, "orderId" uuid, "planId" uuid, "partnerId" text, partition int,
    "warehouseId" text, status text, version int, "releaseEpoch" int, lines json, "valueMinor" bigint, "currencyCode" text,
    carrier text, "trackingNumber" text, missing json, at timestamptz) ORDER BY 1
  ON CONFLICT (shipment_id) DO UPDATE SET status = excluded.status, version = excluded.version,
    release_epoch = excluded.release_epoch, carrier = excluded.carrier, tracking_number = excluded.tracking_number,
    missing = excluded.missing, confirmed_at = excluded.confirmed_at;
  -- A WMS is told again of what it has not confirmed: it knows the release by shipment and epoch.
  INSERT INTO outgoing_releases (shipment_id, warehouse_id, release_epoch)
  SELECT u."shipmentId", u."warehouseId", u."releaseEpoch"
  FROM json_to_recordset(_shipments) AS u ("shipmentId" uuid, "warehouseId" text, status text, "releaseEpoch" int)
  WHERE u.status = 'RELEASED' ORDER BY 1
  ON CONFLICT DO NOTHING;
  DELETE FROM outgoing_releases o USING json_to_recordset(_shipments) AS u ("shipmentId" uuid, status text)
  WHERE u.status = 'SHIPPED' AND o.shipment_id = u."shipmentId";
  INSERT INTO stock_view (sku, available)
  SELECT u.sku, u.available FROM json_to_recordset(_stock) AS u (sku text, available json) ORDER BY 1
  ON CONFLICT (sku) DO UPDATE SET available = excluded.available;
END $$;

-- Ends the hold of orders for units that these shipments miss: they left all the same. The orders are locked.
CREATE FUNCTION fulfillment_end_missing(_order_id uuid[], _shipment_id uuid[], _mine boolean[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE orders o SET held_shipments = h.rest, version = o.version + 1,
    state = CASE WHEN h.is_owned THEN 'ON_HOLD' ELSE 'PLANNED' END,
    hold_owner = CASE WHEN h.is_owned THEN o.hold_owner END,
    held_under = CASE WHEN h.is_owned THEN o.held_under END,
    hold_reason = CASE WHEN NOT h.is_owned THEN NULL WHEN h.has_wave THEN o.hold_reason ELSE h.rest -> -1 ->> 'reason' END
  FROM (
    SELECT r.order_id, r.rest, r.has_wave, r.has_wave OR json_array_length(r.rest) > 0 AS is_owned
    FROM (
      SELECT b.order_id, json_array_length(b.held_shipments) AS before,
        EXISTS (SELECT 1 FROM json_array_elements(b.waves) w WHERE (w ->> 'isHeld')::boolean) AS has_wave,
        (SELECT coalesce(json_agg(e.held ORDER BY e.place), '[]')
         FROM json_array_elements(b.held_shipments) WITH ORDINALITY AS e (held, place)
         WHERE e.held ->> 'why' <> 'UNITS_MISSING' OR NOT EXISTS (
           SELECT 1 FROM unnest(_shipment_id, _mine) AS u (i, m) WHERE u.m AND u.i::text = e.held ->> 'shipmentId')) AS rest
      FROM orders b WHERE b.order_id = ANY (_order_id) AND NOT b.ended) r
    WHERE json_array_length(r.rest) < r.before) h
  WHERE o.order_id = h.order_id;
END $$;

-- Confirms shipments for several requests in one commit: `_row_request` counts from 1. A request whose key is not NEW
-- changes nothing. A row that moved since it was decided on raises, and all are decided again. An order on hold for units that
-- a shipment misses is no longer, once that shipment left.
CREATE OR REPLACE FUNCTION fulfillment_confirm(
  _operation text, _scope text[], _key text[], _fingerprint text[], _result text[],
  _row_request int[], _shipment_id uuid[], _shipment_version int[], _carrier text[], _tracking_number text[],
  _partition int[], _category text[], _stream_id text[], _version int[], _event_id uuid[], _type text[],
  _schema_version int[], _data text[], _metadata text[]
) RETURNS TABLE (ordinal int, verdict text, result text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  verdicts text[];
  results text[];
  mine boolean[];
  wanted int;
  held uuid[];
  written int;
BEGIN
  SELECT array_agg(c.verdict ORDER BY c.ordinal), array_agg(c.result ORDER BY c.ordinal) INTO verdicts, results
  FROM log_check_keys(_scope, _operation, _key, _fingerprint) c;
  SELECT array_agg(verdicts[r] = 'NEW' ORDER BY o), coalesce(count(*) FILTER (WHERE verdicts[r] = 'NEW'), 0)
  INTO mine, wanted FROM unnest(_row_request) WITH ORDINALITY AS u (r, o);

  IF wanted > 0 THEN
    SELECT coalesce(array_agg(h.order_id), '{}') INTO held FROM (
      SELECT o.order_id FROM orders o WHERE o.state = 'ON_HOLD' AND o.order_id IN (
        SELECT s.order_id FROM shipments s JOIN unnest(_shipment_id, mine) AS u (i, m) ON s.shipment_id = u.i AND u.m)
      ORDER BY o.order_id FOR NO KEY UPDATE OF o) h;
    PERFORM 1 FROM shipments s JOIN unnest(_shipment_id, mine) AS u (i, m) ON s.shipment_id = u.i AND u.m
    ORDER BY s.shipment_id FOR NO KEY UPDATE OF s;
    UPDATE shipments s SET status = 'SHIPPED', version = s.version + 1, carrier = u.c, tracking_number = u.t,
      confirmed_at = clock_timestamp()
    FROM unnest(_shipment_id, _shipment_version, _carrier, _tracking_number, mine) AS u (i, v, c, t, m)
    WHERE u.m AND s.shipment_id = u.i AND s.version = u.v AND s.status IN ('RELEASED', 'PICKING');
    GET DIAGNOSTICS written = ROW_COUNT;
    PERFORM log_guard(written, wanted, 'shipments as decided on');
    -- Held while this call waited for the shipments: it was not locked before them.
    PERFORM log_guard((SELECT count(*) FROM orders o WHERE o.state = 'ON_HOLD' AND o.order_id <> ALL (held) AND o.order_id IN (
      SELECT s.order_id FROM shipments s JOIN unnest(_shipment_id, mine) AS u (i, m) ON s.shipment_id = u.i AND u.m))::int,
      0, 'orders that are not on hold');
    IF cardinality(held) > 0 THEN PERFORM fulfillment_end_missing(held, _shipment_id, mine); END IF;
    PERFORM 1 FROM outgoing_releases o JOIN unnest(_shipment_id, mine) AS u (i, m) ON o.shipment_id = u.i AND u.m
    ORDER BY o.shipment_id FOR UPDATE OF o;
    DELETE FROM outgoing_releases o USING unnest(_shipment_id, mine) AS u (i, m) WHERE u.m AND o.shipment_id = u.i;
  END IF;

  PERFORM log_store_keys(k.s, _operation, k.k, k.f, k.r) FROM (
    SELECT array_agg(u.s) AS s, array_agg(u.k) AS k, array_agg(u.f) AS f, array_agg(u.r) AS r
    FROM unnest(_scope, _key, _fingerprint, _result, verdicts) AS u (s, k, f, r, v)
    WHERE u.v = 'NEW' AND u.r IS NOT NULL) k;

  IF wanted > 0 THEN
    PERFORM log_append(e.p, e.c, e.s, e.v, e.i, e.t, e.sv, e.d, e.m) FROM (
      SELECT array_agg(u.p ORDER BY u.o) AS p, array_agg(u.c ORDER BY u.o) AS c, array_agg(u.s ORDER BY u.o) AS s,
        array_agg(u.v ORDER BY u.o) AS v, array_agg(u.i ORDER BY u.o) AS i, array_agg(u.t ORDER BY u.o) AS t,
        array_agg(u.sv ORDER BY u.o) AS sv, array_agg(u.d ORDER BY u.o) AS d, array_agg(u.m ORDER BY u.o) AS m
      FROM unnest(_partition, _category, _stream_id, _version, _event_id, _type, _schema_version, _data, _metadata, mine)
           WITH ORDINALITY AS u (p, c, s, v, i, t, sv, d, m, is_mine, o)
      WHERE u.is_mine) e;
  END IF;

  RETURN QUERY SELECT u.o::int, u.v, u.r FROM unnest(verdicts, results) WITH ORDINALITY AS u (v, r, o) ORDER BY u.o;
END $$;
