-- What waits of each SKU, all orders together: whoever claims units for an order that has just come leaves as many as wait, and
-- looking for SKUs to release costs what waits and not what is for sale. Kept with backorders, in the same call.
-- Lock order: behind reservations and their backorders, before holds.
CREATE TABLE backorder_totals (
  sku text COLLATE "C" PRIMARY KEY,
  -- Not 0: a SKU that nobody waits for has no row.
  units int NOT NULL
);
INSERT INTO backorder_totals (sku, units) SELECT sku, sum(quantity) FROM backorders GROUP BY sku;

-- Makes backorders say what the given reservations have waiting. `since` stays: among a partner's orders the oldest comes first.
-- The rows of an order are only ever touched under the lock of its reservation, so that what is read here stands.
CREATE OR REPLACE FUNCTION backorders_keep(_order_id uuid[], _partner_id text[], _partition int[], _waiting text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ended text[];
  wrong int;
BEGIN
  IF NOT ('[]' <> ANY (_waiting)) AND NOT EXISTS (SELECT 1 FROM backorders WHERE order_id = ANY (_order_id)) THEN
    RETURN;
  END IF;
  WITH kept AS (
    INSERT INTO backorder_totals AS t (sku, units)
    SELECT d.sku, sum(d.units) FROM (
      SELECT l ->> 0 AS sku, (l ->> 1)::int AS units FROM unnest(_waiting) AS u (w), json_array_elements(u.w::json) l
      UNION ALL
      SELECT b.sku, -b.quantity FROM backorders b WHERE b.order_id = ANY (_order_id)
    ) d GROUP BY d.sku HAVING sum(d.units) <> 0 ORDER BY d.sku COLLATE "C"
    ON CONFLICT (sku) DO UPDATE SET units = t.units + excluded.units
    RETURNING t.sku, t.units
  )
  SELECT array_agg(k.sku) FILTER (WHERE k.units = 0), count(*) FILTER (WHERE k.units < 0) INTO ended, wrong FROM kept k;
  PERFORM log_guard(wrong, 0, 'units that wait');
  DELETE FROM backorder_totals WHERE sku = ANY (ended);
  DELETE FROM backorders b USING unnest(_order_id, _waiting) AS u (o, w)
  WHERE b.order_id = u.o
    AND NOT EXISTS (SELECT 1 FROM json_array_elements(u.w::json) l WHERE l ->> 0 = b.sku AND (l ->> 1)::int > 0);
  INSERT INTO backorders AS b (sku, order_id, partner_id, partition, quantity)
  SELECT l ->> 0, u.o, u.pa, u.p, sum((l ->> 1)::int)
  FROM unnest(_order_id, _partner_id, _partition, _waiting) AS u (o, pa, p, w), json_array_elements(u.w::json) l
  WHERE (l ->> 1)::int > 0 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2
  ON CONFLICT (sku, order_id) DO UPDATE SET quantity = excluded.quantity WHERE b.quantity <> excluded.quantity;
END $$;

-- Adds up what waits anew: after a restore of the log, while nobody else writes.
CREATE FUNCTION backorders_add_up() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM backorder_totals;
  INSERT INTO backorder_totals (sku, units) SELECT sku, sum(quantity) FROM backorders GROUP BY sku ORDER BY sku;
END $$;

-- Claims break for want of goods alone: after a call that broke some, nothing of the SKU is free. Where a cancellation came between
-- the figures and the claims that were read, more would break than is missing: the guard is lost, and it is decided again. What a
-- restore brings back while the log is closed was decided then.
CREATE FUNCTION movements_break_no_more_than_lacks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  broken int;
  bare int;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM written WHERE kind IN ('break', 'break_hold')) THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM partitions WHERE closed_at IS NOT NULL) THEN RETURN NULL; END IF;
  SELECT count(*), count(*) FILTER (WHERE t.reserved + t.held = t.sellable) INTO broken, bare
  FROM sku_totals t WHERE t.sku IN (SELECT w.sku FROM written w WHERE w.kind IN ('break', 'break_hold'));
  PERFORM log_guard(bare, broken, 'SKUs whose claims lack goods');
  RETURN NULL;
END $$;
CREATE TRIGGER movements_break_no_more_than_lacks AFTER INSERT ON movements
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION movements_break_no_more_than_lacks();
