-- One road for everything that happens to stock: facts of the others, requests of clients, and what the clock asks for.
-- Lock order of every function: offsets, idempotency keys, partners, reservations, holds, warehouses, stock, sku_totals, partitions.

-- [[sku, quantity], ...] of an order that takes what there is, for which there was nothing: the first to go when units are cancelled.
ALTER TABLE reservations ADD COLUMN short json NOT NULL DEFAULT '[]';
-- Claims from before currencies were kept have theirs in the fact that told of them.
UPDATE reservations r SET currency_code = e.data ->> 'currencyCode', wave = 1
FROM events e WHERE e.category = 'reservation' AND e.type = 'StockReserved' AND e.stream_id = r.order_id::text;

-- The ledger from before it told what is for sale, as if each warehouse had always been what it is now: the sums are the same.
UPDATE movements m SET sellable_delta = CASE m.kind WHEN 'receipt' THEN m.quantity ELSE -m.quantity END
FROM warehouses w WHERE w.warehouse_id = m.warehouse_id AND w.status = 'OPEN' AND m.kind IN ('receipt', 'ship');
INSERT INTO movements (sku, warehouse_id, kind, quantity, cause)
SELECT s.sku, s.warehouse_id, 'suspend', s.allocated, '00000000-0000-0000-0000-000000000000'
FROM stock s JOIN warehouses w ON w.warehouse_id = s.warehouse_id WHERE w.status <> 'OPEN' AND s.allocated > 0;
UPDATE sku_totals t SET reserved = t.reserved - s.units, withdrawing = s.units
FROM (SELECT sku, sum(quantity)::int AS units FROM movements WHERE kind = 'suspend' GROUP BY sku) s WHERE s.sku = t.sku;

-- Which orders wait is asked by SKU, and kept by order.
CREATE INDEX backorders_by_order ON backorders (order_id);

DROP FUNCTION facts_apply;
DROP FUNCTION reservations_write;
DROP FUNCTION stock_move;
DROP FUNCTION totals_move;
DROP FUNCTION totals_move_with_warehouses;

-- Raises when the worker lease has another epoch; until the call ends nobody takes the lease over.
CREATE FUNCTION stock_fence(_epoch bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM leases WHERE name = 'worker' AND epoch = _epoch FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the worker lease has another epoch than %', _epoch USING ERRCODE = 'CD001';
  END IF;
END $$;

-- Makes backorders say what the given reservations have waiting. `since` stays: among a partner's orders the oldest comes first.
-- The rows of an order are only ever touched under the lock of its reservation.
CREATE FUNCTION backorders_keep(_order_id uuid[], _partner_id text[], _partition int[], _waiting text[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM backorders b USING unnest(_order_id, _waiting) AS u (o, w)
  WHERE b.order_id = u.o
    AND NOT EXISTS (SELECT 1 FROM json_array_elements(u.w::json) l WHERE l ->> 0 = b.sku AND (l ->> 1)::int > 0);
  IF NOT ('[]' <> ANY (_waiting)) THEN RETURN; END IF;
  INSERT INTO backorders AS b (sku, order_id, partner_id, partition, quantity)
  SELECT l ->> 0, u.o, u.pa, u.p, sum((l ->> 1)::int)
  FROM unnest(_order_id, _partner_id, _partition, _waiting) AS u (o, pa, p, w), json_array_elements(u.w::json) l
  WHERE (l ->> 1)::int > 0 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2
  ON CONFLICT (sku, order_id) DO UPDATE SET quantity = excluded.quantity WHERE b.quantity <> excluded.quantity;
END $$;

-- Writes reservations decided on the version before the given one; a row that moved meanwhile loses the guard.
CREATE FUNCTION reservations_write(
  _order_id uuid[], _partner_id text[], _partition int[], _status text[], _closed int[], _policy text[], _currency_code text[],
  _lines text[], _waiting text[], _short text[], _shipments text[], _wave int[], _facts int[], _version int[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  IF cardinality(_order_id) = 0 THEN RETURN; END IF;
  INSERT INTO reservations AS r
    (order_id, partner_id, partition, status, closed, policy, currency_code, lines, waiting, short, shipments, wave, facts, version,
     decided_at)
  SELECT u.o, u.pa, u.p, u.s, u.c = 1, u.po, u.cc, u.l::json, u.w::json, u.so::json, u.sh::json, u.wa, u.f, u.v,
         CASE WHEN u.s IS NULL THEN NULL ELSE clock_timestamp() END
  FROM unnest(_order_id, _partner_id, _partition, _status, _closed, _policy, _currency_code, _lines, _waiting, _short, _shipments,
              _wave, _facts, _version) AS u (o, pa, p, s, c, po, cc, l, w, so, sh, wa, f, v)
  ORDER BY u.o
  ON CONFLICT (order_id) DO UPDATE
  SET status = excluded.status, closed = excluded.closed, policy = excluded.policy, currency_code = excluded.currency_code,
      lines = excluded.lines, waiting = excluded.waiting, short = excluded.short, shipments = excluded.shipments,
      wave = excluded.wave,
      facts = excluded.facts, version = excluded.version, decided_at = coalesce(r.decided_at, excluded.decided_at)
  WHERE r.version = excluded.version - 1;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_order_id), 'versions of reservations');
  PERFORM backorders_keep(_order_id, _partner_id, _partition, _waiting);
END $$;

-- Writes holds decided on the version before the given one.
CREATE FUNCTION holds_write(
  _hold_id uuid[], _partner_id text[], _partition int[], _status text[], _lines text[], _expires_at timestamptz[],
  _order_id uuid[], _version int[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  IF cardinality(_hold_id) = 0 THEN RETURN; END IF;
  INSERT INTO holds AS h (hold_id, partner_id, partition, status, lines, expires_at, order_id, version)
  SELECT u.h, u.pa, u.p, u.s, u.l::json, u.e, u.o, u.v
  FROM unnest(_hold_id, _partner_id, _partition, _status, _lines, _expires_at, _order_id, _version)
       AS u (h, pa, p, s, l, e, o, v)
  ORDER BY u.h
  ON CONFLICT (hold_id) DO UPDATE
  SET status = excluded.status, lines = excluded.lines, expires_at = excluded.expires_at, order_id = excluded.order_id,
      version = excluded.version
  WHERE h.version = excluded.version - 1;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_hold_id), 'versions of holds');
END $$;

-- Moves units on shelves by guarded deltas. A shelf that goods come to for the first time is made before any is locked.
CREATE FUNCTION stock_move(_sku text[], _warehouse_id text[], _on_hand int[], _allocated int[], _safety int[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  IF cardinality(_sku) = 0 THEN RETURN; END IF;
  INSERT INTO stock (sku, warehouse_id, on_hand)
  SELECT u.k, u.w, 0 FROM unnest(_sku, _warehouse_id, _on_hand, _safety) AS u (k, w, h, sa)
  WHERE u.h > 0 OR u.sa > 0 ORDER BY u.k COLLATE "C", u.w COLLATE "C"
  ON CONFLICT DO NOTHING;
  PERFORM 1 FROM stock s JOIN unnest(_sku, _warehouse_id) AS u (k, w) ON s.sku = u.k AND s.warehouse_id = u.w
  ORDER BY s.sku, s.warehouse_id FOR NO KEY UPDATE OF s;
  UPDATE stock s SET on_hand = s.on_hand + u.h, allocated = s.allocated + u.a, safety = s.safety + u.sa,
                     version = s.version + (u.h <> 0)::int
  FROM unnest(_sku, _warehouse_id, _on_hand, _allocated, _safety) AS u (k, w, h, a, sa)
  WHERE s.sku = u.k AND s.warehouse_id = u.w
    AND s.allocated + u.a >= 0 AND s.allocated + u.a <= s.on_hand + u.h AND s.safety + u.sa >= 0;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_sku), 'units on shelves');
END $$;

-- Moves the network-wide figures by guarded deltas: none becomes negative, claims fit what may be sold, and more claims also leave
-- room for what is being withdrawn.
CREATE FUNCTION totals_move(_sku text[], _sellable int[], _reserved int[], _held int[], _withdrawing int[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  IF cardinality(_sku) = 0 THEN RETURN; END IF;
  PERFORM 1 FROM sku_totals WHERE sku = ANY (_sku) ORDER BY sku FOR NO KEY UPDATE;
  UPDATE sku_totals t SET sellable = t.sellable + u.s, reserved = t.reserved + u.r, held = t.held + u.h,
                          withdrawing = t.withdrawing + u.w
  FROM unnest(_sku, _sellable, _reserved, _held, _withdrawing) AS u (k, s, r, h, w)
  WHERE t.sku = u.k AND t.reserved + u.r >= 0 AND t.held + u.h >= 0 AND t.withdrawing + u.w >= 0
    AND t.reserved + u.r + t.held + u.h <= t.sellable + u.s
    AND (u.r + u.h <= 0 OR t.reserved + u.r + t.held + u.h + t.withdrawing + u.w <= t.sellable + u.s);
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_sku), 'units free of claims');
END $$;

-- What the given warehouses, which are now OPEN or no longer, mean for each SKU that lies there. Their rows are locked, and with
-- them, since whoever moves goods locks its warehouses first, what lies there. `way` 1 opens, -1 shuts.
CREATE FUNCTION warehouse_moves(_opened text[], _shut text[])
RETURNS TABLE (sku text, warehouse_id text, way int, sellable int, allocated int) LANGUAGE sql STABLE AS $$
  SELECT s.sku, s.warehouse_id, u.way, u.way * (s.on_hand - s.safety), s.allocated
  FROM (SELECT unnest(_opened), 1 UNION ALL SELECT unnest(_shut), -1) AS u (w, way)
  JOIN stock s ON s.warehouse_id = u.w;
$$;

-- Takes over warehouses and counts their goods in or out. `_sku` and the deltas beside it were decided as if the warehouses had
-- these statuses already; all of it is written as one delta for each SKU. Claims that would no longer fit lose the guard: whoever
-- calls breaks enough of them in the same call. The ledger gets the moves of the warehouses behind those of the caller.
CREATE FUNCTION totals_move_with_warehouses(
  _opened text[], _shut text[], _sku text[], _sellable int[], _reserved int[], _held int[], _withdrawing int[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
  wanted int;
BEGIN
  PERFORM 1 FROM sku_totals t
  WHERE t.sku = ANY (_sku) OR t.sku IN (SELECT m.sku FROM warehouse_moves(_opened, _shut) m)
  ORDER BY t.sku FOR NO KEY UPDATE;
  SELECT count(*) INTO wanted FROM (SELECT unnest(_sku) UNION SELECT m.sku FROM warehouse_moves(_opened, _shut) m) k;
  UPDATE sku_totals t SET sellable = t.sellable + d.s, reserved = t.reserved + d.r, held = t.held + d.h,
                          withdrawing = t.withdrawing + d.w
  FROM (
    SELECT m.k, sum(m.s)::int AS s, sum(m.r)::int AS r, sum(m.h)::int AS h, sum(m.w)::int AS w, bool_or(m.flips) AS flips FROM (
      SELECT u.k, u.s, u.r, u.h, u.w, false FROM unnest(_sku, _sellable, _reserved, _held, _withdrawing) AS u (k, s, r, h, w)
      UNION ALL
      SELECT f.sku, f.sellable, f.way * f.allocated, 0, -f.way * f.allocated, true FROM warehouse_moves(_opened, _shut) f
    ) m (k, s, r, h, w, flips) GROUP BY m.k
  ) d
  WHERE t.sku = d.k AND t.reserved + d.r >= 0 AND t.held + d.h >= 0 AND t.withdrawing + d.w >= 0
    AND t.reserved + d.r + t.held + d.h <= t.sellable + d.s
    AND (d.flips OR d.r + d.h <= 0 OR t.reserved + d.r + t.held + d.h + t.withdrawing + d.w <= t.sellable + d.s);
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, wanted, 'units free of claims');
END $$;

-- The ledger's lines of warehouses that open or shut: what becomes sellable before what is claimed of it again, what is suspended
-- before what is no longer sellable, so that claims fit at every line.
CREATE FUNCTION warehouse_movements(_opened text[], _shut text[], _warehouse_id text[], _cause uuid[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO movements (sku, warehouse_id, kind, quantity, sellable_delta, cause)
  SELECT l.sku, l.warehouse_id, l.kind, l.quantity, l.sellable_delta, u.c FROM (
    SELECT m.sku, m.warehouse_id, CASE m.way WHEN 1 THEN 'open' ELSE 'shut' END AS kind, m.sellable AS quantity,
           m.sellable AS sellable_delta, CASE m.way WHEN 1 THEN 1 ELSE 4 END AS place
    FROM warehouse_moves(_opened, _shut) m WHERE m.sellable <> 0
    UNION ALL
    SELECT m.sku, m.warehouse_id, CASE m.way WHEN 1 THEN 'resume' ELSE 'suspend' END, m.allocated, 0,
           CASE m.way WHEN 1 THEN 3 ELSE 2 END
    FROM warehouse_moves(_opened, _shut) m WHERE m.allocated > 0
  ) l JOIN unnest(_warehouse_id, _cause) AS u (w, c) ON u.w = l.warehouse_id
  ORDER BY l.place, l.sku, l.warehouse_id;
END $$;

-- Everything that one decision amounts to, in one call: all of it or nothing. `_gate` says who asks:
-- {"kind": "inbox", "inbox"}, {"kind": "request", "scope", "operation", "key", "fingerprint", "result"} or {"kind": "worker",
-- "epoch"}. Verdict NEW; of a request also REPLAYED, KEY_REUSED or IN_FLIGHT with what stands under its key, and then nothing is done.
-- `_known_warehouse`, `_known_open`: the statuses it was decided under. Movements come in groups, one for each cause, kind and
-- warehouse: `_m_group` points into the `_g_` arrays; `_g_sellable` tells whether a group's units are more (1) or fewer (-1) for sale.
CREATE FUNCTION stock_apply(
  _gate jsonb, _p_partner_id text[], _p_partition int[],
  _order_id uuid[], _partner_id text[], _partition int[], _status text[], _closed int[], _policy text[], _currency_code text[],
  _lines text[], _waiting text[], _short text[], _shipments text[], _wave int[], _facts int[], _version int[],
  _h_id uuid[], _h_partner_id text[], _h_partition int[], _h_status text[], _h_lines text[], _h_expires_at timestamptz[],
  _h_order_id uuid[], _h_version int[],
  _known_warehouse text[], _known_open int[], _warehouse_id text[], _warehouse_status text[], _warehouse_cause uuid[],
  _stock_sku text[], _stock_warehouse text[], _on_hand int[], _allocated int[], _safety int[],
  _sku text[], _sellable int[], _reserved int[], _held int[], _withdrawing int[],
  _m_sku text[], _m_quantity int[], _m_group int[],
  _g_kind text[], _g_sellable int[], _g_warehouse text[], _g_order uuid[], _g_hold uuid[], _g_reason text[], _g_cause uuid[],
  _e_partition int[], _e_category text[], _e_stream_id text[], _e_version int[], _e_id uuid[], _e_type text[],
  _e_schema_version int[], _e_data text[], _e_metadata text[]
) RETURNS TABLE (verdict text, result text) LANGUAGE plpgsql AS $$
DECLARE
  stands record;
  agreeing int;
  opened text[];
  shut text[];
BEGIN
  CASE _gate ->> 'kind'
    WHEN 'inbox' THEN PERFORM log_consume(_gate -> 'inbox');
    WHEN 'worker' THEN PERFORM stock_fence((_gate ->> 'epoch')::bigint);
    WHEN 'request' THEN
      SELECT * INTO stands FROM log_check_keys(ARRAY[_gate ->> 'scope'], _gate ->> 'operation', ARRAY[_gate ->> 'key'],
                                               ARRAY[_gate ->> 'fingerprint']);
      IF stands.verdict <> 'NEW' THEN
        RETURN QUERY SELECT stands.verdict, stands.result;
        RETURN;
      END IF;
  END CASE;
  IF cardinality(_p_partner_id) > 0 THEN
    INSERT INTO partners (partner_id, partition)
    SELECT u.i, u.p FROM unnest(_p_partner_id, _p_partition) AS u (i, p) ORDER BY u.i COLLATE "C" ON CONFLICT DO NOTHING;
  END IF;
  PERFORM reservations_write(_order_id, _partner_id, _partition, _status, _closed, _policy, _currency_code, _lines, _waiting,
                             _short, _shipments, _wave, _facts, _version);
  PERFORM holds_write(_h_id, _h_partner_id, _h_partition, _h_status, _h_lines, _h_expires_at, _h_order_id, _h_version);
  IF cardinality(_warehouse_id) > 0 THEN
    PERFORM 1 FROM warehouses ORDER BY warehouse_id FOR NO KEY UPDATE;
  ELSIF cardinality(_known_warehouse) > 0 THEN
    PERFORM 1 FROM warehouses WHERE warehouse_id = ANY (_known_warehouse) ORDER BY warehouse_id FOR SHARE;
  END IF;
  SELECT count(*) INTO agreeing FROM unnest(_known_warehouse, _known_open) AS u (w, o)
  LEFT JOIN warehouses w ON w.warehouse_id = u.w WHERE (w.status IS NOT DISTINCT FROM 'OPEN') = (u.o = 1);
  PERFORM log_guard(agreeing, cardinality(_known_warehouse), 'statuses of warehouses');
  PERFORM stock_move(_stock_sku, _stock_warehouse, _on_hand, _allocated, _safety);
  IF cardinality(_warehouse_id) > 0 THEN
    SELECT array_agg(u.w) FILTER (WHERE u.s = 'OPEN' AND w.status IS DISTINCT FROM 'OPEN'),
           array_agg(u.w) FILTER (WHERE u.s <> 'OPEN' AND w.status = 'OPEN')
    INTO opened, shut
    FROM unnest(_warehouse_id, _warehouse_status) AS u (w, s) LEFT JOIN warehouses w ON w.warehouse_id = u.w;
    INSERT INTO warehouses (warehouse_id, status)
    SELECT u.w, u.s FROM unnest(_warehouse_id, _warehouse_status) AS u (w, s) ORDER BY u.w
    ON CONFLICT (warehouse_id) DO UPDATE SET status = excluded.status;
    PERFORM totals_move_with_warehouses(opened, shut, _sku, _sellable, _reserved, _held, _withdrawing);
  ELSE
    PERFORM totals_move(_sku, _sellable, _reserved, _held, _withdrawing);
  END IF;
  INSERT INTO movements (sku, warehouse_id, kind, quantity, sellable_delta, order_id, hold_id, reason, cause)
  SELECT m.s, g.w, g.k, m.q, g.f * m.q, g.o, g.h, g.r, g.c
  FROM unnest(_m_sku, _m_quantity, _m_group) WITH ORDINALITY AS m (s, q, g, n)
  JOIN unnest(_g_kind, _g_sellable, _g_warehouse, _g_order, _g_hold, _g_reason, _g_cause)
       WITH ORDINALITY AS g (k, f, w, o, h, r, c, i) ON g.i = m.g
  ORDER BY m.n;
  IF cardinality(_warehouse_id) > 0 THEN
    PERFORM warehouse_movements(opened, shut, _warehouse_id, _warehouse_cause);
  END IF;
  PERFORM log_append(_e_partition, _e_category, _e_stream_id, _e_version, _e_id, _e_type, _e_schema_version, _e_data,
                     _e_metadata);
  IF _gate ->> 'kind' = 'request' THEN
    PERFORM log_store_keys(ARRAY[_gate ->> 'scope'], _gate ->> 'operation', ARRAY[_gate ->> 'key'],
                           ARRAY[_gate ->> 'fingerprint'], ARRAY[_gate ->> 'result']);
  END IF;
  RETURN QUERY SELECT 'NEW', _gate ->> 'result';
END $$;

-- Books a receipt: all lines or none. Verdict NEW, REPLAYED, KEY_REUSED, IN_FLIGHT, or REFUSED with `refused`.
CREATE OR REPLACE FUNCTION stock_receive(
  _scope text, _key text, _fingerprint text, _sku text[], _warehouse_id text[], _quantity int[], _units_max bigint,
  _e_partition int[], _e_category text[], _e_stream_id text[], _e_version int[], _e_id uuid[], _e_type text[],
  _e_schema_version int[], _e_data text[], _e_metadata text[]
) RETURNS TABLE (verdict text, refused jsonb) LANGUAGE plpgsql AS $$
DECLARE
  stands record;
  refusals jsonb;
BEGIN
  SELECT * INTO stands FROM log_check_keys(ARRAY[_scope], 'receiveStock', ARRAY[_key], ARRAY[_fingerprint]);
  IF stands.verdict <> 'NEW' THEN
    RETURN QUERY SELECT stands.verdict, '[]'::jsonb;
    RETURN;
  END IF;
  PERFORM 1 FROM warehouses WHERE warehouse_id = ANY (_warehouse_id) ORDER BY warehouse_id FOR SHARE;
  refusals := receipt_refusals(_sku, _warehouse_id, _quantity, _units_max);
  IF refusals <> '[]' THEN
    RETURN QUERY SELECT 'REFUSED', refusals;
    RETURN;
  END IF;
  INSERT INTO stock (sku, warehouse_id, on_hand)
  SELECT DISTINCT u.s COLLATE "C", u.w COLLATE "C", 0 FROM unnest(_sku, _warehouse_id) AS u (s, w) ORDER BY 1, 2
  ON CONFLICT DO NOTHING;
  PERFORM 1 FROM stock s JOIN (SELECT DISTINCT * FROM unnest(_sku, _warehouse_id)) AS u (k, w)
    ON s.sku = u.k AND s.warehouse_id = u.w
  ORDER BY s.sku, s.warehouse_id FOR NO KEY UPDATE OF s;
  PERFORM 1 FROM sku_totals WHERE sku = ANY (_sku) ORDER BY sku FOR NO KEY UPDATE;
  UPDATE stock s SET on_hand = s.on_hand + u.q, version = s.version + 1
  FROM (SELECT k, w, sum(q)::int AS q FROM unnest(_sku, _warehouse_id, _quantity) AS l (k, w, q) GROUP BY k, w) u
  WHERE s.sku = u.k AND s.warehouse_id = u.w;
  UPDATE sku_totals t SET sellable = t.sellable + u.q
  FROM (SELECT l.k, sum(l.q)::int AS q FROM unnest(_sku, _warehouse_id, _quantity) AS l (k, w, q)
        JOIN warehouses w ON w.warehouse_id = l.w AND w.status = 'OPEN' GROUP BY l.k) u
  WHERE t.sku = u.k;
  INSERT INTO movements (sku, warehouse_id, kind, quantity, sellable_delta, cause)
  SELECT u.s, u.w, 'receipt', u.q, CASE WHEN w.status = 'OPEN' THEN u.q ELSE 0 END, _e_id[1]
  FROM unnest(_sku, _warehouse_id, _quantity) WITH ORDINALITY AS u (s, w, q, o)
  JOIN warehouses w ON w.warehouse_id = u.w ORDER BY u.o;
  PERFORM log_append(_e_partition, _e_category, _e_stream_id, _e_version, _e_id, _e_type, _e_schema_version, _e_data,
                     _e_metadata);
  PERFORM log_store_keys(ARRAY[_scope], 'receiveStock', ARRAY[_key], ARRAY[_fingerprint], ARRAY[_e_stream_id[1]]);
  RETURN QUERY SELECT 'NEW', '[]'::jsonb;
END $$;

-- Takes the events of a restored log back. What a page moved is kept as if every warehouse were OPEN: their statuses come last.
ALTER TABLE restored_moves
  ADD COLUMN safety int NOT NULL DEFAULT 0,
  ADD COLUMN held int NOT NULL DEFAULT 0,
  ADD COLUMN withdrawing int NOT NULL DEFAULT 0,
  -- Movements of on_hand: the shelf's version grows by at least as much as it first did.
  ADD COLUMN changes int NOT NULL DEFAULT 0;

DROP FUNCTION inventory_import;

-- One page: rows of reservations, holds and products as folded, movements in order, and the deltas they amount to.
CREATE FUNCTION inventory_import(
  _import jsonb, _reservations json, _holds json, _products jsonb, _movements jsonb, _moves jsonb
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM log_import(_import);
  INSERT INTO reservations AS r
    (order_id, partner_id, partition, status, closed, policy, currency_code, lines, waiting, short, shipments, wave, facts, version,
     decided_at)
  SELECT u."orderId", u."partnerId", u.partition, u.status, u.closed, u.policy, u."currencyCode", u.lines, u.waiting, u.short, u.shipments,
         u.wave, u.facts, u.version, u."decidedAt"
  FROM json_to_recordset(_reservations) AS u ("orderId" uuid, "partnerId" text, partition int, status text, closed boolean,
       policy text, "currencyCode" text, lines json, waiting json, short json, shipments json, wave int, facts int, version int,
       "decidedAt" timestamptz) ORDER BY u."orderId"
  ON CONFLICT (order_id) DO UPDATE
  SET status = excluded.status, closed = excluded.closed, policy = excluded.policy, currency_code = excluded.currency_code,
      lines = excluded.lines, waiting = excluded.waiting, short = excluded.short, shipments = excluded.shipments,
      wave = excluded.wave,
      facts = excluded.facts, version = excluded.version, decided_at = coalesce(r.decided_at, excluded.decided_at);
  DELETE FROM backorders b USING json_to_recordset(_reservations) AS u ("orderId" uuid) WHERE b.order_id = u."orderId";
  INSERT INTO backorders (sku, order_id, partner_id, partition, quantity, since)
  SELECT l ->> 0, r.order_id, r.partner_id, r.partition, sum((l ->> 1)::int), r.decided_at
  FROM json_to_recordset(_reservations) AS u ("orderId" uuid) JOIN reservations r ON r.order_id = u."orderId",
       json_array_elements(r.waiting) l
  WHERE (l ->> 1)::int > 0 GROUP BY 1, 2;
  INSERT INTO holds AS h (hold_id, partner_id, partition, status, lines, expires_at, order_id, placed_at, version)
  SELECT u."holdId", u."partnerId", u.partition, u.status, u.lines, u."expiresAt", u."orderId", u."placedAt", u.version
  FROM json_to_recordset(_holds) AS u ("holdId" uuid, "partnerId" text, partition int, status text, lines json,
       "expiresAt" timestamptz, "orderId" uuid, "placedAt" timestamptz, version int) ORDER BY u."holdId"
  ON CONFLICT (hold_id) DO UPDATE
  SET status = excluded.status, lines = excluded.lines, expires_at = excluded.expires_at, order_id = excluded.order_id,
      version = excluded.version;
  INSERT INTO products (sku, name, list_price_minor, currency_code, case_pack, min_order_quantity, weight_grams, version,
                        low_stock_threshold)
  SELECT u.sku, u.name, u."listPriceMinor", u."currencyCode", u."casePack", u."minOrderQuantity", u."weightGrams", u.version,
         coalesce(u."lowStockThreshold", 0)
  FROM jsonb_to_recordset(_products) AS u (sku text, name text, "listPriceMinor" bigint, "currencyCode" text, "casePack" int,
       "minOrderQuantity" int, "weightGrams" int, version int, "lowStockThreshold" int) ORDER BY u.sku COLLATE "C"
  ON CONFLICT (sku) DO UPDATE
  SET name = excluded.name, list_price_minor = excluded.list_price_minor, currency_code = excluded.currency_code,
      case_pack = excluded.case_pack, min_order_quantity = excluded.min_order_quantity,
      weight_grams = excluded.weight_grams, version = excluded.version, low_stock_threshold = excluded.low_stock_threshold;
  INSERT INTO sku_totals (sku) SELECT u.sku FROM jsonb_to_recordset(_products) AS u (sku text) ORDER BY u.sku COLLATE "C"
  ON CONFLICT DO NOTHING;
  INSERT INTO movements (sku, warehouse_id, kind, quantity, sellable_delta, order_id, hold_id, reason, cause, at)
  SELECT m.value ->> 'sku', m.value ->> 'warehouseId', m.value ->> 'kind', (m.value ->> 'quantity')::int,
         (m.value ->> 'sellableDelta')::int, (m.value ->> 'orderId')::uuid, (m.value ->> 'holdId')::uuid, m.value ->> 'reason',
         (m.value ->> 'cause')::uuid, (m.value ->> 'at')::timestamptz
  FROM jsonb_array_elements(_movements) WITH ORDINALITY AS m (value, n) ORDER BY m.n;
  INSERT INTO restored_moves AS r (sku, warehouse_id, on_hand, allocated, safety, reserved, held, withdrawing, changes)
  SELECT u.sku, u."warehouseId", u."onHand", u.allocated, u.safety, u.reserved, u.held, u.withdrawing, u.changes
  FROM jsonb_to_recordset(_moves) AS u (sku text, "warehouseId" text, "onHand" int, allocated int, safety int, reserved int,
       held int, withdrawing int, changes int)
  ON CONFLICT (sku, warehouse_id) DO UPDATE
  SET on_hand = r.on_hand + excluded.on_hand, allocated = r.allocated + excluded.allocated, safety = r.safety + excluded.safety,
      reserved = r.reserved + excluded.reserved, held = r.held + excluded.held,
      withdrawing = r.withdrawing + excluded.withdrawing, changes = r.changes + excluded.changes;
END $$;

-- How far each shelf is from what its warehouse's status makes of it: `sellable` units more for sale and `claimed` allocated units
-- more among the reserved than the tables and the pages of the restore count together. `_open` are the warehouses OPEN now.
CREATE FUNCTION restored_differences(_open text[])
RETURNS TABLE (sku text, warehouse_id text, sellable int, claimed int) LANGUAGE sql STABLE AS $$
  SELECT s.sku, s.warehouse_id,
         CASE WHEN s.warehouse_id = ANY (_open) THEN s.on_hand - s.safety ELSE 0 END
           - CASE WHEN w.status = 'OPEN' THEN s.on_hand - m.on_hand - s.safety + m.safety ELSE 0 END - m.on_hand + m.safety,
         CASE WHEN s.warehouse_id = ANY (_open) THEN s.allocated ELSE 0 END
           - CASE WHEN w.status = 'OPEN' THEN s.allocated - m.allocated ELSE 0 END - m.allocated
  FROM stock s LEFT JOIN warehouses w ON w.warehouse_id = s.warehouse_id
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(r.on_hand), 0)::int AS on_hand, coalesce(sum(r.safety), 0)::int AS safety,
           coalesce(sum(r.allocated), 0)::int AS allocated
    FROM restored_moves r WHERE r.sku = s.sku AND r.warehouse_id = s.warehouse_id) m;
$$;

-- After the last page: the warehouses as they stand now, and every sum. What does not add up raises by the CHECKs. The ledger is told
-- what the statuses made of the shelves; no event caused that, hence the nil cause.
CREATE OR REPLACE FUNCTION inventory_finish_import(_warehouse_id text[], _status text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  open text[];
BEGIN
  INSERT INTO stock (sku, warehouse_id, on_hand)
  SELECT m.sku, m.warehouse_id, 0 FROM restored_moves m WHERE m.warehouse_id <> '' ORDER BY 1, 2 ON CONFLICT DO NOTHING;
  UPDATE stock s SET on_hand = s.on_hand + m.on_hand, allocated = s.allocated + m.allocated, safety = s.safety + m.safety,
                     version = s.version + m.changes
  FROM restored_moves m WHERE m.sku = s.sku AND m.warehouse_id = s.warehouse_id;
  SELECT array_agg(coalesce(u.w, w.warehouse_id)) INTO open
  FROM warehouses w FULL JOIN unnest(_warehouse_id, _status) AS u (w, s) ON u.w = w.warehouse_id
  WHERE coalesce(u.s, w.status) = 'OPEN';
  INSERT INTO movements (sku, warehouse_id, kind, quantity, sellable_delta, cause)
  SELECT d.sku, d.warehouse_id, CASE WHEN d.sellable > 0 THEN 'open' ELSE 'shut' END, d.sellable, d.sellable,
         '00000000-0000-0000-0000-000000000000'
  FROM restored_differences(open) d WHERE d.sellable <> 0 ORDER BY d.sku, d.warehouse_id;
  INSERT INTO movements (sku, warehouse_id, kind, quantity, cause)
  SELECT d.sku, d.warehouse_id, CASE WHEN d.claimed > 0 THEN 'resume' ELSE 'suspend' END, abs(d.claimed),
         '00000000-0000-0000-0000-000000000000'
  FROM restored_differences(open) d WHERE d.claimed <> 0 ORDER BY d.sku, d.warehouse_id;
  UPDATE sku_totals t SET
    sellable = coalesce((SELECT sum(s.on_hand - s.safety) FROM stock s
                         WHERE s.sku = t.sku AND s.warehouse_id = ANY (open)), 0),
    reserved = t.reserved + m.reserved, held = t.held + m.held, withdrawing = t.withdrawing + m.withdrawing
  FROM (
    SELECT x.sku, sum(x.reserved)::int AS reserved, sum(x.held)::int AS held, sum(x.withdrawing)::int AS withdrawing FROM (
      SELECT r.sku, r.reserved, r.held, r.withdrawing FROM restored_moves r
      UNION ALL SELECT d.sku, d.claimed, 0, -d.claimed FROM restored_differences(open) d
      UNION ALL SELECT k.sku, 0, 0, 0 FROM sku_totals k
    ) x GROUP BY x.sku
  ) m
  WHERE t.sku = m.sku;
  INSERT INTO warehouses (warehouse_id, status)
  SELECT u.w, u.s FROM unnest(_warehouse_id, _status) AS u (w, s) ORDER BY u.w
  ON CONFLICT (warehouse_id) DO UPDATE SET status = excluded.status;
  DELETE FROM restored_moves;
END $$;
