-- No order stays silent: what waits too long is reminded, then held with an owner.
-- Lock order of every function here: offsets or lease, orders, watches (each sorted), log.

-- `status` is ON_HOLD and `held_from` tells where the order stood. `advanced_at` is the instant of its last fact, null while
-- that is the first. No index is on any of them: their updates stay on the order's page.
ALTER TABLE orders
  ADD COLUMN held_from text,
  ADD COLUMN hold_reason text,
  ADD COLUMN hold_owner text,
  ADD COLUMN advanced_at timestamptz,
  ADD CONSTRAINT orders_on_hold_are_owned
    CHECK ((status = 'ON_HOLD') = (held_from IS NOT NULL AND hold_reason IS NOT NULL AND hold_owner IS NOT NULL));

-- Orders that were not final when they came of age, each with its next look. Nothing on an order's way writes here but a hold.
-- `version` is the order's at the last look, `reminders` those said at that version, `said` all of them: the version of
-- its stream of reminders. `stuck` marks what was reminded or held at its last look, and may lag behind the order.
CREATE TABLE order_watches (
  order_id uuid PRIMARY KEY,
  look_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  version int NOT NULL DEFAULT 0,
  reminders int NOT NULL DEFAULT 0,
  said int NOT NULL DEFAULT 0,
  stuck boolean NOT NULL DEFAULT false
) WITH (fillfactor = 80);
CREATE INDEX order_watches_due ON order_watches (look_at);
CREATE INDEX order_watches_stuck ON order_watches (order_id) WHERE stuck;

-- How far the log was searched for orders that came of age.
CREATE TABLE watch_marks (
  partition int PRIMARY KEY REFERENCES partitions,
  position bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 20);
INSERT INTO watch_marks (partition) SELECT partition FROM partitions;

-- Raises unless the worker's lease has this epoch, and keeps it so until commit.
CREATE FUNCTION orders_fence(_epoch bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM leases WHERE name = 'worker' AND epoch = _epoch FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the worker lease has another epoch than %', _epoch USING ERRCODE = 'CD001';
  END IF;
END $$;

-- Goes on in each partition's log, at most _limit events and not beyond the first that is younger than _age_s, and watches
-- the orders placed there that are not final; answers how many events it passed. Positions are the order of commits: an
-- order cannot appear behind the mark, whatever the clock was that its id was made with.
CREATE FUNCTION orders_watch_placed(_epoch bigint, _age_s float8, _limit int, _final text[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  of_age timestamptz := clock_timestamp() - _age_s * interval '1 second';
  passed_partition int[];
  passed_position bigint[];
  placed text[];
BEGIN
  PERFORM orders_fence(_epoch);
  SELECT array_agg(e.partition), array_agg(e.position), array_agg(e.stream_id) FILTER (WHERE e.category = 'order' AND e.version = 1)
  INTO passed_partition, passed_position, placed
  FROM watch_marks m
  CROSS JOIN LATERAL (
    SELECT x.partition, x.position, x.category, x.stream_id, x.version,
           bool_and(x.recorded_at <= of_age) OVER (ORDER BY x.position) AS is_of_age
    FROM events x WHERE x.partition = m.partition AND x.position > m.position ORDER BY x.position LIMIT _limit) e
  WHERE e.is_of_age;
  INSERT INTO order_watches (order_id)
  SELECT o.order_id FROM orders o WHERE o.order_id = ANY (placed::uuid[]) AND NOT o.status = ANY (_final) ORDER BY o.order_id
  ON CONFLICT DO NOTHING;
  UPDATE watch_marks m SET position = n.last
  FROM (SELECT u.p, max(u.q) AS last FROM unnest(passed_partition, passed_position) AS u (p, q) GROUP BY u.p) n
  WHERE m.partition = n.p;
  RETURN coalesce(cardinality(passed_position), 0);
END $$;

-- Writes what looks at orders came to, and answers the orders for which it did: those still at the version they were looked
-- at. The others moved meanwhile and are looked at again. `_look_after_s` null ends the watch; `_held_from` set holds the order.
CREATE FUNCTION orders_watch_write(
  _epoch bigint,
  _order_id uuid[], _expected int[], _look_after_s float8[], _at_version int[], _reminders int[], _said int[], _stuck int[],
  _held_from text[], _hold_reason text[], _hold_owner text[],
  _partition int[], _category text[], _stream_id text[], _version int[], _event_id uuid[], _type text[], _data text[], _metadata text[]
) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
DECLARE
  mine uuid[];
BEGIN
  PERFORM orders_fence(_epoch);
  SELECT coalesce(array_agg(l.order_id), '{}') INTO mine FROM (
    SELECT o.order_id FROM orders o JOIN unnest(_order_id, _expected) AS u (id, x) ON o.order_id = u.id AND o.version = u.x
    ORDER BY o.order_id FOR NO KEY UPDATE OF o) l;
  UPDATE orders o SET status = 'ON_HOLD', version = o.version + 1, held_from = u.hf, hold_reason = u.hr, hold_owner = u.ho,
    advanced_at = clock_timestamp()
  FROM unnest(_order_id, _held_from, _hold_reason, _hold_owner) AS u (id, hf, hr, ho)
  WHERE o.order_id = u.id AND u.id = ANY (mine) AND u.hf IS NOT NULL;
  PERFORM 1 FROM order_watches WHERE order_id = ANY (mine) ORDER BY order_id FOR NO KEY UPDATE;
  DELETE FROM order_watches w USING unnest(_order_id, _look_after_s) AS u (id, s)
  WHERE w.order_id = u.id AND u.id = ANY (mine) AND u.s IS NULL;
  UPDATE order_watches w SET look_at = clock_timestamp() + u.s * interval '1 second', version = u.v, reminders = u.r, said = u.n,
    stuck = u.k = 1
  FROM unnest(_order_id, _look_after_s, _at_version, _reminders, _said, _stuck) AS u (id, s, v, r, n, k)
  WHERE w.order_id = u.id AND u.id = ANY (mine) AND u.s IS NOT NULL;
  PERFORM log_append(e.p, e.c, e.s, e.v, e.i, e.t, array_fill(1, ARRAY[cardinality(e.p)]), e.d, e.m) FROM (
    SELECT array_agg(u.p ORDER BY u.o) AS p, array_agg(u.c ORDER BY u.o) AS c, array_agg(u.s ORDER BY u.o) AS s,
           array_agg(u.v ORDER BY u.o) AS v, array_agg(u.i ORDER BY u.o) AS i, array_agg(u.t ORDER BY u.o) AS t,
           array_agg(u.d ORDER BY u.o) AS d, array_agg(u.m ORDER BY u.o) AS m
    FROM unnest(_partition, _category, _stream_id, _version, _event_id, _type, _data, _metadata)
         WITH ORDINALITY AS u (p, c, s, v, i, t, d, m, o)
    WHERE u.s::uuid = ANY (mine)) e WHERE e.p IS NOT NULL;
  RETURN QUERY SELECT unnest(mine);
END $$;

-- Applies what the others said: offsets, the orders' rows at the versions they were decided on, timeline, events. All or
-- nothing. A rejected order gives its PO number back; a held one is watched from now on.
DROP FUNCTION orders_apply(
  jsonb, uuid[], int[], int[], text[], text[], text[], text[], bigint[], bigint[], text[], text,
  uuid[], text[], bigint[], text[], int[], text[], timestamptz[], int[], text[], int[], uuid[], text[], text[], text[]);
CREATE FUNCTION orders_apply(
  _inbox jsonb,
  _order_id uuid[], _expected int[], _version int[], _status text[], _status_reason text[], _stock text[], _payment text[],
  _units_confirmed bigint[], _units_shipped bigint[], _reserved_lines text[],
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
      units_shipped = u.us, reserved_lines = u.rl::jsonb, held_from = u.hf, hold_reason = u.hr, hold_owner = u.ho,
      advanced_at = CASE WHEN u.v > o.version THEN clock_timestamp() ELSE o.advanced_at END,
      confirmed_at = CASE WHEN u.uc IS NOT NULL THEN coalesce(o.confirmed_at, clock_timestamp()) END,
      released_at = CASE WHEN coalesce(u.hf, u.s) IN ('RELEASED', 'PARTIALLY_SHIPPED', 'SHIPPED')
                         THEN coalesce(o.released_at, clock_timestamp()) END,
      shipped_at = CASE WHEN u.s = 'SHIPPED' THEN coalesce(o.shipped_at, clock_timestamp()) END
    FROM unnest(_order_id, _expected, _version, _status, _status_reason, _stock, _payment, _units_confirmed, _units_shipped,
                _reserved_lines, _held_from, _hold_reason, _hold_owner) AS u (id, x, v, s, r, st, pm, uc, us, rl, hf, hr, ho)
    WHERE o.order_id = u.id AND o.version = u.x;
    GET DIAGNOSTICS written = ROW_COUNT;
    PERFORM log_guard(written, cardinality(_order_id), 'order version');
    DELETE FROM po_numbers p USING orders o, unnest(_order_id, _status) AS u (id, s)
    WHERE u.s = 'REJECTED' AND o.order_id = u.id AND p.partner_id = o.partner_id AND p.po_number = o.po_number AND p.order_id = u.id;
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
