-- Takes the events of a restored log back, and with them the rows that follow from them, while the log is closed and nobody
-- else writes.

-- What the pages of a restore moved on shelves and of claims, kept apart until all pages are in: only the sum of all of them
-- must obey the CHECKs, since the log's partitions do not tell in which order a receipt and a claim came.
CREATE TABLE restored_moves (
  sku text COLLATE "C" NOT NULL,
  -- '' for what is network-wide.
  warehouse_id text COLLATE "C" NOT NULL,
  on_hand int NOT NULL,
  allocated int NOT NULL,
  reserved int NOT NULL,
  PRIMARY KEY (sku, warehouse_id)
);

-- One page: rows of reservations and products as folded, movements in order, and the deltas they amount to.
CREATE FUNCTION inventory_import(_import jsonb, _reservations json, _products jsonb, _movements jsonb, _moves jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM log_import(_import);
  INSERT INTO reservations AS r
    (order_id, partner_id, partition, status, closed, lines, shipments, facts, version, decided_at)
  SELECT u."orderId", u."partnerId", u.partition, u.status, u.closed, u.lines, u.shipments, u.facts, u.version, u."decidedAt"
  FROM json_to_recordset(_reservations) AS u ("orderId" uuid, "partnerId" text, partition int, status text, closed boolean,
       lines json, shipments json, facts int, version int, "decidedAt" timestamptz) ORDER BY u."orderId"
  ON CONFLICT (order_id) DO UPDATE
  SET status = excluded.status, closed = excluded.closed, lines = excluded.lines, shipments = excluded.shipments,
      facts = excluded.facts, version = excluded.version, decided_at = coalesce(r.decided_at, excluded.decided_at);
  INSERT INTO products (sku, name, list_price_minor, currency_code, case_pack, min_order_quantity, weight_grams, version)
  SELECT u.sku, u.name, u."listPriceMinor", u."currencyCode", u."casePack", u."minOrderQuantity", u."weightGrams", u.version
  FROM jsonb_to_recordset(_products) AS u (sku text, name text, "listPriceMinor" bigint, "currencyCode" text, "casePack" int,
       "minOrderQuantity" int, "weightGrams" int, version int) ORDER BY u.sku COLLATE "C"
  ON CONFLICT (sku) DO UPDATE
  SET name = excluded.name, list_price_minor = excluded.list_price_minor, currency_code = excluded.currency_code,
      case_pack = excluded.case_pack, min_order_quantity = excluded.min_order_quantity,
      weight_grams = excluded.weight_grams, version = excluded.version;
  INSERT INTO sku_totals (sku) SELECT u.sku FROM jsonb_to_recordset(_products) AS u (sku text) ORDER BY u.sku COLLATE "C"
  ON CONFLICT DO NOTHING;
  INSERT INTO movements (sku, warehouse_id, kind, quantity, order_id, cause, at)
  SELECT m.value ->> 'sku', m.value ->> 'warehouseId', m.value ->> 'kind', (m.value ->> 'quantity')::int,
         (m.value ->> 'orderId')::uuid, (m.value ->> 'cause')::uuid, (m.value ->> 'at')::timestamptz
  FROM jsonb_array_elements(_movements) WITH ORDINALITY AS m (value, n) ORDER BY m.n;
  INSERT INTO restored_moves AS r (sku, warehouse_id, on_hand, allocated, reserved)
  SELECT u.sku, u."warehouseId", u."onHand", u.allocated, u.reserved
  FROM jsonb_to_recordset(_moves) AS u (sku text, "warehouseId" text, "onHand" int, allocated int, reserved int)
  ON CONFLICT (sku, warehouse_id) DO UPDATE
  SET on_hand = r.on_hand + excluded.on_hand, allocated = r.allocated + excluded.allocated, reserved = r.reserved + excluded.reserved;
END $$;

-- After the last page: the warehouses as they stand now, and every sum. What does not add up raises by the CHECKs.
CREATE FUNCTION inventory_finish_import(_warehouse_id text[], _status text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO warehouses (warehouse_id, status)
  SELECT u.w, u.s FROM unnest(_warehouse_id, _status) AS u (w, s) ORDER BY u.w
  ON CONFLICT (warehouse_id) DO UPDATE SET status = excluded.status;
  INSERT INTO stock (sku, warehouse_id, on_hand)
  SELECT m.sku, m.warehouse_id, 0 FROM restored_moves m WHERE m.warehouse_id <> '' ORDER BY 1, 2 ON CONFLICT DO NOTHING;
  UPDATE stock s SET on_hand = s.on_hand + m.on_hand, allocated = s.allocated + m.allocated
  FROM restored_moves m WHERE m.sku = s.sku AND m.warehouse_id = s.warehouse_id;
  UPDATE sku_totals t SET
    sellable = coalesce((SELECT sum(s.on_hand - s.safety) FROM stock s JOIN warehouses w ON w.warehouse_id = s.warehouse_id
                         WHERE s.sku = t.sku AND w.status = 'OPEN'), 0),
    reserved = t.reserved + coalesce((SELECT sum(m.reserved) FROM restored_moves m WHERE m.sku = t.sku), 0);
  DELETE FROM restored_moves;
END $$;
