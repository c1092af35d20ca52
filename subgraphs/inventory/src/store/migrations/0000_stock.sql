-- What exists, where it lies, and who has a claim on it. Codes compare by bytes: the order of locks is then the same
-- everywhere, and comparing is cheap.
-- Lock order of every function: offsets, idempotency keys, reservations, warehouses, stock, sku_totals, partitions.

CREATE TABLE products (
  sku text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  list_price_minor bigint NOT NULL CONSTRAINT products_price_not_negative CHECK (list_price_minor >= 0),
  currency_code text NOT NULL,
  case_pack int NOT NULL,
  min_order_quantity int NOT NULL,
  weight_grams int NOT NULL,
  -- Version of the product's stream.
  version int NOT NULL
);

-- Replica of fulfillment's warehouses.
CREATE TABLE warehouses (
  warehouse_id text COLLATE "C" PRIMARY KEY,
  status text NOT NULL CONSTRAINT warehouses_status_known CHECK (status IN ('OPEN', 'PAUSED', 'DOWN'))
);

CREATE TABLE stock (
  sku text COLLATE "C" NOT NULL,
  warehouse_id text COLLATE "C" NOT NULL,
  on_hand int NOT NULL,
  allocated int NOT NULL DEFAULT 0,
  safety int NOT NULL DEFAULT 0 CONSTRAINT stock_safety_not_negative CHECK (safety >= 0),
  CONSTRAINT stock_once PRIMARY KEY (sku, warehouse_id),
  CONSTRAINT stock_on_hand_not_negative CHECK (on_hand >= 0),
  CONSTRAINT stock_allocated_is_on_hand CHECK (allocated BETWEEN 0 AND on_hand)
) WITH (fillfactor = 50);

-- Network-wide figures of a SKU, moved in the same call as whatever changes them. sellable = the sum of
-- on_hand - safety over OPEN warehouses; reserved = units claimed by orders that have not left yet.
CREATE TABLE sku_totals (
  sku text COLLATE "C" PRIMARY KEY,
  sellable int NOT NULL DEFAULT 0,
  reserved int NOT NULL DEFAULT 0,
  held int NOT NULL DEFAULT 0,
  CONSTRAINT sku_totals_reserved_not_negative CHECK (reserved >= 0),
  CONSTRAINT sku_totals_held_not_negative CHECK (held >= 0),
  CONSTRAINT sku_totals_never_oversold CHECK (reserved + held <= sellable)
) WITH (fillfactor = 50);

-- The ledger: append-only, read as a whole in the order of ids, hence without an index. The row of sku_totals or stock stays
-- locked from before the insert to the commit, so that the order of ids is the order of commits for each SKU and kind.
CREATE TABLE movements (
  id bigint GENERATED ALWAYS AS IDENTITY,
  sku text COLLATE "C" NOT NULL,
  warehouse_id text COLLATE "C",
  kind text NOT NULL CONSTRAINT movements_kind_known CHECK (kind IN ('receipt', 'reserve', 'release', 'allocate', 'ship')),
  quantity int NOT NULL CONSTRAINT movements_quantity_positive CHECK (quantity > 0),
  order_id uuid,
  cause uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row for each order heard of; status is null while all that is known is that the order was rejected.
CREATE TABLE reservations (
  order_id uuid PRIMARY KEY,
  partner_id text NOT NULL,
  partition int NOT NULL,
  status text CONSTRAINT reservations_status_known
    CHECK (status IN ('RESERVED', 'SHORT', 'ALLOCATED', 'SHIPPED', 'RELEASED')),
  closed boolean NOT NULL,
  -- [[sku, quantity], ...] as claimed.
  lines json NOT NULL,
  -- [{shipmentId, warehouseId, lines, left}, ...] as allocated.
  shipments json NOT NULL,
  -- Version of the reservation's stream.
  facts int NOT NULL,
  -- Counts writes of the row; every write names the one it was decided on.
  version int NOT NULL,
  decided_at timestamptz
) WITH (fillfactor = 50);

-- Writes reservations decided on the version before the given one; a row that moved meanwhile loses the guard.
CREATE FUNCTION reservations_write(
  _order_id uuid[], _partner_id text[], _partition int[], _status text[], _closed int[], _lines text[], _shipments text[],
  _facts int[], _version int[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  IF cardinality(_order_id) = 0 THEN RETURN; END IF;
  INSERT INTO reservations AS r
    (order_id, partner_id, partition, status, closed, lines, shipments, facts, version, decided_at)
  SELECT u.o, u.pa, u.p, u.s, u.c = 1, u.l::json, u.sh::json, u.f, u.v,
         CASE WHEN u.s IS NULL THEN NULL ELSE clock_timestamp() END
  FROM unnest(_order_id, _partner_id, _partition, _status, _closed, _lines, _shipments, _facts, _version)
       AS u (o, pa, p, s, c, l, sh, f, v)
  ORDER BY u.o
  ON CONFLICT (order_id) DO UPDATE
  SET status = excluded.status, closed = excluded.closed, lines = excluded.lines, shipments = excluded.shipments,
      facts = excluded.facts, version = excluded.version, decided_at = coalesce(r.decided_at, excluded.decided_at)
  WHERE r.version = excluded.version - 1;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_order_id), 'versions of reservations');
END $$;

-- Moves units on shelves by guarded deltas.
CREATE FUNCTION stock_move(_sku text[], _warehouse_id text[], _on_hand int[], _allocated int[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  IF cardinality(_sku) = 0 THEN RETURN; END IF;
  PERFORM 1 FROM stock s JOIN unnest(_sku, _warehouse_id) AS u (k, w) ON s.sku = u.k AND s.warehouse_id = u.w
  ORDER BY s.sku, s.warehouse_id FOR NO KEY UPDATE OF s;
  UPDATE stock s SET on_hand = s.on_hand + u.h, allocated = s.allocated + u.a
  FROM unnest(_sku, _warehouse_id, _on_hand, _allocated) AS u (k, w, h, a)
  WHERE s.sku = u.k AND s.warehouse_id = u.w
    AND s.allocated + u.a >= 0 AND s.allocated + u.a <= s.on_hand + u.h;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_sku), 'units on shelves');
END $$;

-- Moves the network-wide figures by guarded deltas.
CREATE FUNCTION totals_move(_sku text[], _sellable int[], _reserved int[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  IF cardinality(_sku) = 0 THEN RETURN; END IF;
  PERFORM 1 FROM sku_totals WHERE sku = ANY (_sku) ORDER BY sku FOR NO KEY UPDATE;
  UPDATE sku_totals t SET sellable = t.sellable + u.s, reserved = t.reserved + u.r
  FROM unnest(_sku, _sellable, _reserved) AS u (k, s, r)
  WHERE t.sku = u.k AND t.reserved + u.r >= 0 AND t.reserved + u.r + t.held <= t.sellable + u.s;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_sku), 'units free of claims');
END $$;

-- Takes over warehouses and counts their goods in or out. `_sku` are deltas decided under the statuses before; both are written
-- as one delta for each SKU. Where claims would no longer fit, sku_totals_never_oversold raises: a person must decide.
CREATE FUNCTION totals_move_with_warehouses(
  _warehouse_id text[], _status text[], _sku text[], _sellable int[], _reserved int[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  opened text[];
  shut text[];
BEGIN
  SELECT array_agg(u.w) FILTER (WHERE u.s = 'OPEN' AND w.status IS DISTINCT FROM 'OPEN'),
         array_agg(u.w) FILTER (WHERE u.s <> 'OPEN' AND w.status = 'OPEN')
  INTO opened, shut
  FROM unnest(_warehouse_id, _status) AS u (w, s) LEFT JOIN warehouses w ON w.warehouse_id = u.w;
  INSERT INTO warehouses (warehouse_id, status)
  SELECT u.w, u.s FROM unnest(_warehouse_id, _status) AS u (w, s) ORDER BY u.w
  ON CONFLICT (warehouse_id) DO UPDATE SET status = excluded.status;
  PERFORM 1 FROM sku_totals
  WHERE sku = ANY (_sku) OR sku IN (SELECT s.sku FROM stock s WHERE s.warehouse_id = ANY (opened || shut))
  ORDER BY sku FOR NO KEY UPDATE;
  UPDATE sku_totals t SET sellable = t.sellable + d.sellable, reserved = t.reserved + d.reserved
  FROM (
    SELECT m.k, sum(m.s)::int AS sellable, sum(m.r)::int AS reserved FROM (
      SELECT u.k, u.s, u.r FROM unnest(_sku, _sellable, _reserved) AS u (k, s, r)
      UNION ALL SELECT s.sku, s.on_hand - s.safety, 0 FROM stock s WHERE s.warehouse_id = ANY (opened)
      UNION ALL SELECT s.sku, s.safety - s.on_hand, 0 FROM stock s WHERE s.warehouse_id = ANY (shut)
    ) m (k, s, r) GROUP BY m.k
  ) d
  WHERE t.sku = d.k;
END $$;

-- Everything one batch of facts amounts to, in one call: all of it or nothing.
-- `_known_warehouse`, `_known_open`: the statuses the batch was decided under. Movements come in groups, one for each
-- cause and warehouse: `_m_group` points into the `_g_` arrays.
CREATE FUNCTION facts_apply(
  _inbox jsonb,
  _order_id uuid[], _partner_id text[], _partition int[], _status text[], _closed int[], _lines text[], _shipments text[],
  _facts int[], _version int[],
  _known_warehouse text[], _known_open int[], _warehouse_id text[], _warehouse_status text[],
  _stock_sku text[], _stock_warehouse text[], _on_hand int[], _allocated int[],
  _sku text[], _sellable int[], _reserved int[],
  _m_sku text[], _m_quantity int[], _m_group int[], _g_kind text[], _g_warehouse text[], _g_order uuid[], _g_cause uuid[],
  _e_partition int[], _e_category text[], _e_stream_id text[], _e_version int[], _e_id uuid[], _e_type text[],
  _e_schema_version int[], _e_data text[], _e_metadata text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  agreeing int;
BEGIN
  PERFORM log_consume(_inbox);
  PERFORM reservations_write(_order_id, _partner_id, _partition, _status, _closed, _lines, _shipments, _facts, _version);
  IF cardinality(_warehouse_id) > 0 THEN
    PERFORM 1 FROM warehouses ORDER BY warehouse_id FOR NO KEY UPDATE;
  ELSIF cardinality(_known_warehouse) > 0 THEN
    PERFORM 1 FROM warehouses WHERE warehouse_id = ANY (_known_warehouse) ORDER BY warehouse_id FOR SHARE;
  END IF;
  SELECT count(*) INTO agreeing FROM unnest(_known_warehouse, _known_open) AS u (w, o)
  LEFT JOIN warehouses w ON w.warehouse_id = u.w WHERE (w.status IS NOT DISTINCT FROM 'OPEN') = (u.o = 1);
  PERFORM log_guard(agreeing, cardinality(_known_warehouse), 'statuses of warehouses');
  PERFORM stock_move(_stock_sku, _stock_warehouse, _on_hand, _allocated);
  IF cardinality(_warehouse_id) > 0 THEN
    PERFORM totals_move_with_warehouses(_warehouse_id, _warehouse_status, _sku, _sellable, _reserved);
  ELSE
    PERFORM totals_move(_sku, _sellable, _reserved);
  END IF;
  INSERT INTO movements (sku, warehouse_id, kind, quantity, order_id, cause)
  SELECT m.s, g.w, g.k, m.q, g.o, g.c
  FROM unnest(_m_sku, _m_quantity, _m_group) WITH ORDINALITY AS m (s, q, g, n)
  JOIN unnest(_g_kind, _g_warehouse, _g_order, _g_cause) WITH ORDINALITY AS g (k, w, o, c, i) ON g.i = m.g
  ORDER BY m.n;
  PERFORM log_append(_e_partition, _e_category, _e_stream_id, _e_version, _e_id, _e_type, _e_schema_version, _e_data,
                     _e_metadata);
END $$;

-- Creates and changes products decided on the version before the given one. `_result` is what a replay answers.
CREATE FUNCTION products_upsert(
  _scope text, _key text, _fingerprint text, _result text,
  _sku text[], _name text[], _list_price_minor bigint[], _currency_code text[], _case_pack int[], _min_order_quantity int[],
  _weight_grams int[], _version int[],
  _e_partition int[], _e_category text[], _e_stream_id text[], _e_version int[], _e_id uuid[], _e_type text[],
  _e_schema_version int[], _e_data text[], _e_metadata text[]
) RETURNS TABLE (verdict text, result text) LANGUAGE plpgsql AS $$
DECLARE
  stands record;
  written int;
BEGIN
  SELECT * INTO stands FROM log_check_keys(ARRAY[_scope], 'upsertProducts', ARRAY[_key], ARRAY[_fingerprint]);
  IF stands.verdict <> 'NEW' THEN
    RETURN QUERY SELECT stands.verdict, stands.result;
    RETURN;
  END IF;
  INSERT INTO products AS p
    (sku, name, list_price_minor, currency_code, case_pack, min_order_quantity, weight_grams, version)
  SELECT * FROM unnest(_sku, _name, _list_price_minor, _currency_code, _case_pack, _min_order_quantity, _weight_grams,
                       _version) AS u (s)
  ORDER BY u.s COLLATE "C"
  ON CONFLICT (sku) DO UPDATE
  SET name = excluded.name, list_price_minor = excluded.list_price_minor, currency_code = excluded.currency_code,
      case_pack = excluded.case_pack, min_order_quantity = excluded.min_order_quantity,
      weight_grams = excluded.weight_grams, version = excluded.version
  WHERE p.version = excluded.version - 1;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_sku), 'versions of products');
  INSERT INTO sku_totals (sku) SELECT u.s FROM unnest(_sku, _version) AS u (s, v) WHERE u.v = 1 ORDER BY u.s COLLATE "C";
  PERFORM log_append(_e_partition, _e_category, _e_stream_id, _e_version, _e_id, _e_type, _e_schema_version, _e_data,
                     _e_metadata);
  PERFORM log_store_keys(ARRAY[_scope], 'upsertProducts', ARRAY[_key], ARRAY[_fingerprint], ARRAY[_result]);
  RETURN QUERY SELECT 'NEW', _result;
END $$;

-- Lines of a receipt that cannot be booked: [{"index", "code"}]. `_units_max` bounds a SKU's units over all warehouses, so that
-- every figure of the API fits its 32 bits.
CREATE FUNCTION receipt_refusals(_sku text[], _warehouse_id text[], _quantity int[], _units_max bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('index', l.o - 1, 'code', l.code) ORDER BY l.o), '[]') FROM (
    SELECT u.o, CASE
      WHEN NOT EXISTS (SELECT 1 FROM products p WHERE p.sku = u.s) THEN 'UNKNOWN_SKU'
      WHEN NOT EXISTS (SELECT 1 FROM warehouses w WHERE w.warehouse_id = u.w) THEN 'UNKNOWN_WAREHOUSE'
      WHEN sum(u.q::bigint) OVER (PARTITION BY u.s)
           + (SELECT coalesce(sum(x.on_hand), 0) FROM stock x WHERE x.sku = u.s) > _units_max THEN 'TOO_MANY'
    END AS code
    FROM unnest(_sku, _warehouse_id, _quantity) WITH ORDINALITY AS u (s, w, q, o)
  ) l WHERE l.code IS NOT NULL;
$$;

-- Books a receipt: all lines or none. Verdict NEW, REPLAYED, KEY_REUSED, IN_FLIGHT, or REFUSED with `refused`.
CREATE FUNCTION stock_receive(
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
  UPDATE stock s SET on_hand = s.on_hand + u.q
  FROM (SELECT k, w, sum(q)::int AS q FROM unnest(_sku, _warehouse_id, _quantity) AS l (k, w, q) GROUP BY k, w) u
  WHERE s.sku = u.k AND s.warehouse_id = u.w;
  UPDATE sku_totals t SET sellable = t.sellable + u.q
  FROM (SELECT l.k, sum(l.q)::int AS q FROM unnest(_sku, _warehouse_id, _quantity) AS l (k, w, q)
        JOIN warehouses w ON w.warehouse_id = l.w AND w.status = 'OPEN' GROUP BY l.k) u
  WHERE t.sku = u.k;
  INSERT INTO movements (sku, warehouse_id, kind, quantity, order_id, cause)
  SELECT u.s, u.w, 'receipt', u.q, NULL, _e_id[1] FROM unnest(_sku, _warehouse_id, _quantity) AS u (s, w, q);
  PERFORM log_append(_e_partition, _e_category, _e_stream_id, _e_version, _e_id, _e_type, _e_schema_version, _e_data,
                     _e_metadata);
  PERFORM log_store_keys(ARRAY[_scope], 'receiveStock', ARRAY[_key], ARRAY[_fingerprint], ARRAY[_e_stream_id[1]]);
  RETURN QUERY SELECT 'NEW', '[]'::jsonb;
END $$;
