-- Warehouses, the orders to route, what was planned for them, and what warehouses were told to ship.
-- Documents are json, not jsonb: nobody looks into them here, and text goes in and out unbuilt.
-- Lock order of every function: offsets, idempotency keys, warehouses, shipments, outgoing_releases (each sorted), log.

CREATE TABLE warehouses (
  warehouse_id text PRIMARY KEY,
  name text NOT NULL,
  country text,
  priority int NOT NULL,
  status text NOT NULL CONSTRAINT warehouses_status_known CHECK (status IN ('OPEN', 'PAUSED', 'DOWN')),
  version int NOT NULL
);

-- One row per order, written by the consumer alone. `lines` are as placed, `confirmed_lines` only where fewer were reserved.
CREATE TABLE orders (
  order_id uuid PRIMARY KEY,
  partner_id text NOT NULL,
  partition int NOT NULL,
  number text NOT NULL,
  currency_code text NOT NULL,
  ship_to json,
  requested_ship_date text,
  lines json NOT NULL,
  confirmed_lines json,
  state text NOT NULL CONSTRAINT orders_state_known CHECK (state IN ('PLACED', 'PLANNED', 'ON_HOLD', 'CLOSED')),
  plan_id uuid,
  plan_attempts int NOT NULL CONSTRAINT orders_planned_three_times_at_most CHECK (plan_attempts BETWEEN 0 AND 3),
  hold_reason text,
  hold_owner text,
  version int NOT NULL,
  CONSTRAINT orders_on_hold_are_owned
    CHECK ((state = 'ON_HOLD') = (hold_reason IS NOT NULL AND hold_owner IS NOT NULL))
) WITH (fillfactor = 85);
CREATE INDEX orders_on_hold ON orders (order_id) WHERE state = 'ON_HOLD';

-- Units that may still be planned, by warehouse: receipts less plans, set right by refusals. An estimate: inventory decides.
-- {"<warehouse>": units}; one row per SKU, so that a batch of plans costs one write for each SKU.
CREATE TABLE stock_view (
  sku text PRIMARY KEY,
  available json NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE plans (
  order_id uuid NOT NULL,
  attempt int NOT NULL,
  plan_id uuid NOT NULL,
  rule text NOT NULL,
  explanation json NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT plans_one_per_attempt PRIMARY KEY (order_id, attempt)
);

-- No changing column is indexed, so that its updates stay on their page.
CREATE TABLE shipments (
  shipment_id uuid PRIMARY KEY,
  order_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  partner_id text NOT NULL,
  partition int NOT NULL,
  warehouse_id text NOT NULL,
  status text NOT NULL CONSTRAINT shipments_status_known
    CHECK (status IN ('PLANNED', 'RELEASED', 'PICKING', 'SHIPPED', 'CANCELLED', 'REROUTED')),
  version int NOT NULL DEFAULT 0,
  release_epoch int NOT NULL DEFAULT 0,
  lines json NOT NULL,
  value_minor bigint NOT NULL,
  currency_code text NOT NULL,
  carrier text,
  tracking_number text,
  planned_at timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz,
  CONSTRAINT shipments_leave_once CHECK ((status = 'SHIPPED') = (confirmed_at IS NOT NULL)),
  CONSTRAINT shipments_leave_after_release CHECK (status NOT IN ('RELEASED', 'PICKING', 'SHIPPED') OR release_epoch > 0)
) WITH (fillfactor = 80);
CREATE INDEX shipments_by_order ON shipments (order_id);
CREATE INDEX shipments_by_warehouse ON shipments (warehouse_id, planned_at, shipment_id);
CREATE INDEX shipments_by_partner ON shipments (partner_id, planned_at, shipment_id);
CREATE INDEX shipments_by_time ON shipments (planned_at, shipment_id);

-- Releases a WMS has not accepted yet; accepted ones are deleted. A row that a WMS refused for good stays, REFUSED, with
-- its owner. The row is the intent: it is committed before anybody is told, and telling again changes nothing.
CREATE TABLE outgoing_releases (
  shipment_id uuid PRIMARY KEY,
  warehouse_id text NOT NULL,
  release_epoch int NOT NULL,
  state text NOT NULL DEFAULT 'PENDING' CONSTRAINT outgoing_releases_state_known CHECK (state IN ('PENDING', 'REFUSED')),
  next_send_at timestamptz NOT NULL DEFAULT now(),
  sends int NOT NULL DEFAULT 0,
  last_outcome text,
  owner text,
  CONSTRAINT outgoing_releases_refused_are_owned CHECK ((state = 'REFUSED') = (owner IS NOT NULL))
) WITH (fillfactor = 50);
CREATE INDEX outgoing_releases_due ON outgoing_releases (warehouse_id, next_send_at) WHERE state = 'PENDING';

-- The effects of one batch of facts. Orders, plans and the view are written by this call alone, and the offsets' rows
-- make such calls follow one another; warehouses and shipments have other writers and are locked in order.
CREATE FUNCTION fulfillment_apply(
  _inbox jsonb, _placed json, _routed json, _stock_new json, _stock json, _plans json, _shipments json, _moved json,
  _warehouses text[],
  _partition int[], _category text[], _stream_id text[], _version int[], _event_id uuid[], _type text[],
  _schema_version int[], _data text[], _metadata text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  PERFORM log_consume(_inbox);

  IF cardinality(_warehouses) > 0 THEN
    PERFORM 1 FROM warehouses WHERE status = 'OPEN' AND warehouse_id = ANY (_warehouses)
    ORDER BY warehouse_id FOR SHARE;
    GET DIAGNOSTICS written = ROW_COUNT;
    PERFORM log_guard(written, cardinality(_warehouses), 'warehouses that are still open');
  END IF;

  IF _placed IS NOT NULL THEN
    INSERT INTO orders (order_id, partner_id, partition, number, currency_code, ship_to, requested_ship_date, lines,
      confirmed_lines, state, plan_id, plan_attempts, hold_reason, hold_owner, version)
    SELECT u."orderId", u."partnerId", u.partition, u.number, u."currencyCode", u."shipTo", u."requestedShipDate",
      u.lines, u."confirmedLines", u.state, u."planId", u."planAttempts", u."holdReason", u."holdOwner", 1
    FROM json_to_recordset(_placed) AS u ("orderId" uuid, "partnerId" text, partition int, number text,
      "currencyCode" text, "shipTo" json, "requestedShipDate" text, lines json, "confirmedLines" json, state text,
      "planId" uuid, "planAttempts" int, "holdReason" text, "holdOwner" text);
  END IF;

  IF _routed IS NOT NULL THEN
    UPDATE orders o SET confirmed_lines = u."confirmedLines", state = u.state, plan_id = u."planId",
      plan_attempts = u."planAttempts", hold_reason = u."holdReason", hold_owner = u."holdOwner", version = o.version + 1
    FROM json_to_recordset(_routed) AS u ("orderId" uuid, version int, "confirmedLines" json, state text,
      "planId" uuid, "planAttempts" int, "holdReason" text, "holdOwner" text)
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
    INSERT INTO plans (order_id, attempt, plan_id, rule, explanation)
    SELECT u."orderId", u.attempt, u."planId", u.rule, u.explanation
    FROM json_to_recordset(_plans) AS u ("orderId" uuid, attempt int, "planId" uuid, rule text, explanation json);
    INSERT INTO shipments (shipment_id, order_id, plan_id, partner_id, partition, warehouse_id, status, lines,
      value_minor, currency_code)
    SELECT u."shipmentId", u."orderId", u."planId", u."partnerId", u.partition, u."warehouseId", 'PLANNED', u.lines,
      u."valueMinor", u."currencyCode"
    FROM json_to_recordset(_shipments) AS u ("shipmentId" uuid, "orderId" uuid, "planId" uuid,
      "partnerId" text, partition int, "warehouseId" text, lines json, "valueMinor" bigint, "currencyCode" text);
  END IF;

  IF _moved IS NOT NULL THEN PERFORM fulfillment_move_shipments(_moved); END IF;
  PERFORM log_append(_partition, _category, _stream_id, _version, _event_id, _type, _schema_version, _data, _metadata);
END $$;

-- Of one batch: planned shipments that another plan replaces, and those released to their WMS.
CREATE FUNCTION fulfillment_move_shipments(_moved json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  PERFORM 1 FROM shipments s
  JOIN json_to_recordset(_moved) AS u ("shipmentId" uuid) ON s.shipment_id = u."shipmentId"
  ORDER BY s.shipment_id FOR NO KEY UPDATE OF s;
  UPDATE shipments s SET status = u.status, version = u.version, release_epoch = u."releaseEpoch"
  FROM json_to_recordset(_moved) AS u ("shipmentId" uuid, status text, version int, "releaseEpoch" int)
  WHERE s.shipment_id = u."shipmentId" AND s.status = 'PLANNED';
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, json_array_length(_moved), 'planned shipments');
  INSERT INTO outgoing_releases (shipment_id, warehouse_id, release_epoch)
  SELECT u."shipmentId", u."warehouseId", u."releaseEpoch"
  FROM json_to_recordset(_moved) AS u ("shipmentId" uuid, "warehouseId" text, status text, "releaseEpoch" int)
  WHERE u.status = 'RELEASED' ORDER BY 1;
END $$;

-- Confirms shipments for several requests in one commit: `_row_request` counts from 1. A request whose key is not NEW
-- changes nothing. A row that moved since it was decided on raises, and all are decided again.
CREATE FUNCTION fulfillment_confirm(
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
  written int;
BEGIN
  SELECT array_agg(c.verdict ORDER BY c.ordinal), array_agg(c.result ORDER BY c.ordinal) INTO verdicts, results
  FROM log_check_keys(_scope, _operation, _key, _fingerprint) c;
  SELECT array_agg(verdicts[r] = 'NEW' ORDER BY o), coalesce(count(*) FILTER (WHERE verdicts[r] = 'NEW'), 0)
  INTO mine, wanted FROM unnest(_row_request) WITH ORDINALITY AS u (r, o);

  IF wanted > 0 THEN
    PERFORM 1 FROM shipments s JOIN unnest(_shipment_id, mine) AS u (i, m) ON s.shipment_id = u.i AND u.m
    ORDER BY s.shipment_id FOR NO KEY UPDATE OF s;
    UPDATE shipments s SET status = 'SHIPPED', version = s.version + 1, carrier = u.c, tracking_number = u.t,
      confirmed_at = clock_timestamp()
    FROM unnest(_shipment_id, _shipment_version, _carrier, _tracking_number, mine) AS u (i, v, c, t, m)
    WHERE u.m AND s.shipment_id = u.i AND s.version = u.v AND s.status IN ('RELEASED', 'PICKING');
    GET DIAGNOSTICS written = ROW_COUNT;
    PERFORM log_guard(written, wanted, 'shipments as decided on');
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

-- What the WMS answered, or that it did not: accepted releases are done; others wait until `_wait_ms` from now, or for a
-- person where `_owner` is given. Answers to an older release say nothing.
CREATE FUNCTION fulfillment_note_answers(
  _shipment_id uuid[], _release_epoch int[], _outcome text[], _accepted int[], _wait_ms int[], _owner text[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM outgoing_releases WHERE shipment_id = ANY (_shipment_id) ORDER BY shipment_id FOR UPDATE;
  DELETE FROM outgoing_releases o USING unnest(_shipment_id, _release_epoch, _accepted) AS u (i, e, a)
  WHERE u.a = 1 AND o.shipment_id = u.i AND o.release_epoch = u.e;
  UPDATE outgoing_releases o SET sends = o.sends + 1, last_outcome = u.r, owner = u.w,
    state = CASE WHEN u.w IS NULL THEN 'PENDING' ELSE 'REFUSED' END,
    next_send_at = clock_timestamp() + u.ms * interval '1 millisecond'
  FROM unnest(_shipment_id, _release_epoch, _outcome, _accepted, _wait_ms, _owner) AS u (i, e, r, a, ms, w)
  WHERE u.a = 0 AND o.shipment_id = u.i AND o.release_epoch = u.e;
END $$;

-- Registers and revises warehouses under one idempotency key. `_known_version` is 0 where the warehouse is new.
CREATE FUNCTION fulfillment_upsert_warehouses(
  _scope text, _operation text, _key text, _fingerprint text, _result text,
  _warehouse_id text[], _name text[], _country text[], _priority int[], _known_version int[],
  _partition int[], _category text[], _stream_id text[], _version int[], _event_id uuid[], _type text[],
  _schema_version int[], _data text[], _metadata text[]
) RETURNS TABLE (verdict text, result text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  found_verdict text;
  found_result text;
  written int;
  changed int;
BEGIN
  SELECT c.verdict, c.result INTO found_verdict, found_result
  FROM log_check_keys(ARRAY[_scope], _operation, ARRAY[_key], ARRAY[_fingerprint]) c;
  IF found_verdict = 'NEW' THEN
    PERFORM 1 FROM warehouses WHERE warehouse_id = ANY (_warehouse_id) ORDER BY warehouse_id FOR NO KEY UPDATE;
    INSERT INTO warehouses (warehouse_id, name, country, priority, status, version)
    SELECT u.w, u.n, u.c, u.p, 'OPEN', 1 FROM unnest(_warehouse_id, _name, _country, _priority, _known_version) AS u (w, n, c, p, v)
    WHERE u.v = 0 ORDER BY u.w ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS written = ROW_COUNT;
    UPDATE warehouses h SET name = u.n, country = u.c, priority = u.p, version = h.version + 1
    FROM unnest(_warehouse_id, _name, _country, _priority, _known_version) AS u (w, n, c, p, v)
    WHERE u.v > 0 AND h.warehouse_id = u.w AND h.version = u.v;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM log_guard(written + changed, coalesce(cardinality(_warehouse_id), 0), 'warehouses as decided on');
    PERFORM log_store_keys(ARRAY[_scope], _operation, ARRAY[_key], ARRAY[_fingerprint], ARRAY[_result]);
    PERFORM log_append(_partition, _category, _stream_id, _version, _event_id, _type, _schema_version, _data, _metadata);
  END IF;
  RETURN QUERY SELECT found_verdict, found_result;
END $$;
