-- What people do to stock: counts, transfers, safety; and the word on what runs low.

-- No more of a SKU arrives than was sent.
CREATE FUNCTION transfer_lines_fit(_lines json) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(bool_and((l ->> 1)::int > 0 AND (l ->> 2)::int BETWEEN 0 AND (l ->> 1)::int), true) FROM json_array_elements(_lines) l;
$$;
ALTER TABLE transfers
  ADD CONSTRAINT transfers_received_was_sent CHECK (transfer_lines_fit(lines)),
  ADD CONSTRAINT transfers_go_elsewhere CHECK (from_warehouse_id <> to_warehouse_id);

CREATE INDEX products_watched ON products (sku) WHERE low_stock_threshold > 0;
-- In no update's way but that of is_low itself: a predicate counts as a column of the index.
CREATE INDEX sku_totals_low ON sku_totals (sku) WHERE is_low;

-- What must be true of the rows that a request moved, while they are locked, and the transfer it is about. What is not true
-- any more loses the guard: the request is decided again.
-- {"shelves": [{"sku", "warehouseId", "version", "safety", "isCovered"}], "unclaimed": [sku], "transfer": {...}}: the shelf has this
-- version, keeps this much back, has at least what is assigned and kept back; of the SKUs as much is for sale as is claimed.
CREATE FUNCTION stock_leaves(_leaves jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  standing int;
BEGIN
  SELECT count(*) INTO standing
  FROM jsonb_to_recordset(_leaves -> 'shelves')
       AS u (sku text, "warehouseId" text, version int, safety int, "isCovered" boolean)
  JOIN stock s ON s.sku = u.sku AND s.warehouse_id = u."warehouseId"
  WHERE s.version = coalesce(u.version, s.version) AND s.safety = coalesce(u.safety, s.safety)
    AND (u."isCovered" IS NOT TRUE OR s.allocated + s.safety <= s.on_hand);
  PERFORM log_guard(standing, jsonb_array_length(_leaves -> 'shelves'), 'shelves as they were decided on');
  SELECT count(*) INTO standing FROM jsonb_array_elements_text(_leaves -> 'unclaimed') AS u (sku)
  JOIN sku_totals t ON t.sku = u.sku WHERE t.reserved + t.held + t.withdrawing <= t.sellable;
  PERFORM log_guard(standing, jsonb_array_length(_leaves -> 'unclaimed'), 'units that nobody claims');
  IF jsonb_typeof(_leaves -> 'transfer') = 'object' THEN
    INSERT INTO transfers AS t (transfer_id, from_warehouse_id, to_warehouse_id, status, lines, version)
    SELECT u."transferId", u."fromWarehouseId", u."toWarehouseId", u.status, u.lines, u.version
    FROM jsonb_to_record(_leaves -> 'transfer')
         AS u ("transferId" uuid, "fromWarehouseId" text, "toWarehouseId" text, status text, lines json, version int)
    ON CONFLICT (transfer_id) DO UPDATE SET status = excluded.status, lines = excluded.lines, version = excluded.version
    WHERE t.version = excluded.version - 1;
    GET DIAGNOSTICS standing = ROW_COUNT;
    PERFORM log_guard(standing, 1, 'version of the transfer');
  END IF;
END $$;

-- Notes which SKUs run low or no longer do, and says so of those that do, under the epoch of the worker's lease. `alerts` is the
-- count it was decided on: nothing is said twice.
CREATE FUNCTION low_stock_write(
  _epoch bigint, _sku text[], _is_low int[], _alerts int[],
  _e_partition int[], _e_category text[], _e_stream_id text[], _e_version int[], _e_id uuid[], _e_type text[],
  _e_schema_version int[], _e_data text[], _e_metadata text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written int;
BEGIN
  PERFORM stock_fence(_epoch);
  PERFORM 1 FROM sku_totals WHERE sku = ANY (_sku) ORDER BY sku FOR NO KEY UPDATE;
  UPDATE sku_totals t SET is_low = u.l = 1, alerts = t.alerts + u.l
  FROM unnest(_sku, _is_low, _alerts) AS u (k, l, a)
  WHERE t.sku = u.k AND t.is_low <> (u.l = 1) AND t.alerts = u.a;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_sku), 'words on low stock');
  PERFORM log_append(_e_partition, _e_category, _e_stream_id, _e_version, _e_id, _e_type, _e_schema_version, _e_data,
                     _e_metadata);
END $$;

-- As before, with the threshold of low stock.
DROP FUNCTION products_upsert;
CREATE FUNCTION products_upsert(
  _scope text, _key text, _fingerprint text, _result text,
  _sku text[], _name text[], _list_price_minor bigint[], _currency_code text[], _case_pack int[], _min_order_quantity int[],
  _weight_grams int[], _low_stock_threshold int[], _version int[],
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
    (sku, name, list_price_minor, currency_code, case_pack, min_order_quantity, weight_grams, low_stock_threshold, version)
  SELECT * FROM unnest(_sku, _name, _list_price_minor, _currency_code, _case_pack, _min_order_quantity, _weight_grams,
                       _low_stock_threshold, _version) AS u (s)
  ORDER BY u.s COLLATE "C"
  ON CONFLICT (sku) DO UPDATE
  SET name = excluded.name, list_price_minor = excluded.list_price_minor, currency_code = excluded.currency_code,
      case_pack = excluded.case_pack, min_order_quantity = excluded.min_order_quantity,
      weight_grams = excluded.weight_grams, low_stock_threshold = excluded.low_stock_threshold, version = excluded.version
  WHERE p.version = excluded.version - 1;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_sku), 'versions of products');
  INSERT INTO sku_totals (sku) SELECT u.s FROM unnest(_sku, _version) AS u (s, v) WHERE u.v = 1 ORDER BY u.s COLLATE "C";
  PERFORM log_append(_e_partition, _e_category, _e_stream_id, _e_version, _e_id, _e_type, _e_schema_version, _e_data,
                     _e_metadata);
  PERFORM log_store_keys(ARRAY[_scope], 'upsertProducts', ARRAY[_key], ARRAY[_fingerprint], ARRAY[_result]);
  RETURN QUERY SELECT 'NEW', _result;
END $$;

-- A page of a restore with the transfers and the alerts that it tells of, in one call.
CREATE FUNCTION inventory_import_page(
  _import jsonb, _reservations json, _holds json, _products jsonb, _movements jsonb, _moves jsonb, _transfers jsonb, _alerts jsonb
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM inventory_import(_import, _reservations, _holds, _products, _movements, _moves);
  INSERT INTO transfers AS t (transfer_id, from_warehouse_id, to_warehouse_id, status, lines, sent_at, version)
  SELECT u."transferId", u."fromWarehouseId", u."toWarehouseId", u.status, u.lines, coalesce(u."sentAt", clock_timestamp()), u.version
  FROM jsonb_to_recordset(_transfers) AS u ("transferId" uuid, "fromWarehouseId" text, "toWarehouseId" text, status text,
       lines json, "sentAt" timestamptz, version int) ORDER BY u."transferId"
  ON CONFLICT (transfer_id) DO UPDATE SET status = excluded.status, lines = excluded.lines, version = excluded.version;
  -- Whether it still runs low, the next look finds out.
  UPDATE sku_totals t SET is_low = true, alerts = u.alerts
  FROM jsonb_to_recordset(_alerts) AS u (sku text, alerts int) WHERE t.sku = u.sku;
END $$;
