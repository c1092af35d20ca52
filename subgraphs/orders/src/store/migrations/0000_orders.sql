-- Orders own partners, prices and the life of an order. An order's lines stand once: in its OrderPlaced event.

CREATE TABLE partners (
  partner_id text PRIMARY KEY,
  partition int NOT NULL CHECK (partition BETWEEN 0 AND 7),
  name text NOT NULL,
  currency_code text NOT NULL,
  payment_methods text[] NOT NULL,
  ship_to jsonb,
  version int NOT NULL
);

-- What inventory told us of products: enough to price a line.
CREATE TABLE products (
  sku text PRIMARY KEY,
  name text NOT NULL,
  list_price_minor bigint NOT NULL,
  currency_code text NOT NULL
);

CREATE SEQUENCE order_number_blocks;

CREATE TABLE orders (
  order_id uuid PRIMARY KEY,
  partition int NOT NULL CHECK (partition BETWEEN 0 AND 7),
  partner_id text NOT NULL,
  number text NOT NULL CONSTRAINT orders_number_taken UNIQUE,
  po_number text,
  status text NOT NULL,
  status_reason text,
  version int NOT NULL,
  shortage_policy text NOT NULL,
  currency_code text NOT NULL,
  total_minor bigint NOT NULL,
  units_ordered bigint NOT NULL,
  units_confirmed bigint,
  units_shipped bigint NOT NULL DEFAULT 0,
  stock text NOT NULL DEFAULT 'OPEN' CHECK (stock IN ('OPEN', 'RESERVED', 'SHORT')),
  payment text NOT NULL DEFAULT 'OPEN' CHECK (payment IN ('OPEN', 'AUTHORISED', 'DECLINED')),
  reserved_lines jsonb,
  placed_by text NOT NULL,
  placed_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  released_at timestamptz,
  shipped_at timestamptz,
  CONSTRAINT orders_ship_what_was_confirmed CHECK (units_shipped <= coalesce(units_confirmed, 0))
) WITH (fillfactor = 60);
-- Ids are UUIDv7, so that their order is the order of placing.
CREATE INDEX orders_by_partner ON orders (partner_id, order_id DESC);

-- One live order for each PO number of a partner; a rejected order gives its number back.
CREATE TABLE po_numbers (
  partner_id text NOT NULL,
  po_number text NOT NULL,
  order_id uuid NOT NULL,
  refusals int NOT NULL DEFAULT 0,
  CONSTRAINT po_numbers_one_live_order PRIMARY KEY (partner_id, po_number)
);

-- Facts of the other subgraphs about an order, in the order they became known here.
CREATE TABLE timeline_entries (
  order_id uuid NOT NULL,
  source text NOT NULL,
  position bigint NOT NULL,
  type text NOT NULL,
  version int NOT NULL,
  detail text,
  occurred_at timestamptz NOT NULL,
  PRIMARY KEY (order_id, source, position)
);

-- The log by partner, for feeds that resume.
CREATE INDEX events_of_partner ON events ((data ->> 'partnerId'), partition, position) WHERE category = 'order';

-- Accepts a batch of orders, each with its own verdict: PLACED, REPLAYED, KEY_REUSED, IN_FLIGHT or DUPLICATE_PO_NUMBER.
CREATE FUNCTION orders_place(
  _order_id uuid[], _partition int[], _partner_id text[], _number text[], _po_number text[], _shortage_policy text[],
  _currency_code text[], _total_minor bigint[], _units bigint[], _placed_by text[], _scope text[], _key text[],
  _fingerprint text[], _event_id uuid[], _data text[], _metadata text[]
) RETURNS TABLE (ordinal int, verdict text, order_id uuid, placed_at timestamptz) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  now_placed timestamptz := clock_timestamp();
  verdicts text[];
  standing uuid[];
  wanted int;
  written int;
BEGIN
  SELECT array_agg(k.verdict ORDER BY k.ordinal), array_agg(k.result::uuid ORDER BY k.ordinal) INTO verdicts, standing
  FROM log_check_keys(_scope, 'placeOrder', _key, _fingerprint) k;

  SELECT count(*) INTO wanted FROM unnest(_po_number, verdicts) AS u (po, v) WHERE u.v = 'NEW' AND u.po IS NOT NULL;
  INSERT INTO po_numbers (partner_id, po_number, order_id)
  SELECT u.pa, u.po, u.id FROM unnest(_partner_id, _po_number, _order_id, verdicts) AS u (pa, po, id, v)
  WHERE u.v = 'NEW' AND u.po IS NOT NULL ORDER BY u.pa, u.po
  ON CONFLICT ON CONSTRAINT po_numbers_one_live_order DO NOTHING;
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written < wanted THEN
    -- A refusal names the order that holds the number: the write makes our own commit prove that it stands.
    PERFORM 1 FROM po_numbers p JOIN unnest(_partner_id, _po_number, _order_id, verdicts) AS u (pa, po, id, v)
      ON p.partner_id = u.pa AND p.po_number = u.po AND p.order_id <> u.id AND u.v = 'NEW'
    ORDER BY p.partner_id, p.po_number FOR NO KEY UPDATE OF p;
    UPDATE po_numbers p SET refusals = p.refusals + 1
    FROM unnest(_partner_id, _po_number, _order_id, verdicts) AS u (pa, po, id, v)
    WHERE p.partner_id = u.pa AND p.po_number = u.po AND p.order_id <> u.id AND u.v = 'NEW';
    SELECT array_agg(CASE WHEN u.v = 'NEW' AND p.order_id <> u.id THEN 'DUPLICATE_PO_NUMBER' ELSE u.v END ORDER BY u.o),
           array_agg(CASE WHEN u.v = 'NEW' AND p.order_id <> u.id THEN p.order_id ELSE u.s END ORDER BY u.o)
    INTO verdicts, standing
    FROM unnest(_partner_id, _po_number, _order_id, verdicts, standing) WITH ORDINALITY AS u (pa, po, id, v, s, o)
    LEFT JOIN po_numbers p ON p.partner_id = u.pa AND p.po_number = u.po;
  END IF;

  PERFORM log_store_keys(array_agg(u.s), 'placeOrder', array_agg(u.k), array_agg(u.f), array_agg(u.id::text))
  FROM unnest(_scope, _key, _fingerprint, _order_id, verdicts) AS u (s, k, f, id, v) WHERE u.v = 'NEW';

  INSERT INTO orders (order_id, partition, partner_id, number, po_number, status, version, shortage_policy, currency_code,
                      total_minor, units_ordered, placed_by, placed_at)
  SELECT u.id, u.p, u.pa, u.nr, u.po, 'PLACED', 1, u.sp, u.cc, u.t, u.un, u.pb, now_placed
  FROM unnest(_order_id, _partition, _partner_id, _number, _po_number, _shortage_policy, _currency_code, _total_minor, _units,
              _placed_by, verdicts) AS u (id, p, pa, nr, po, sp, cc, t, un, pb, v)
  WHERE u.v = 'NEW';

  PERFORM log_append(array_agg(u.p ORDER BY u.o), array_agg('order'::text), array_agg(u.id::text ORDER BY u.o), array_agg(1),
                     array_agg(u.e ORDER BY u.o), array_agg('OrderPlaced'::text), array_agg(1), array_agg(u.d ORDER BY u.o),
                     array_agg(u.m ORDER BY u.o))
  FROM unnest(_partition, _order_id, _event_id, _data, _metadata, verdicts) WITH ORDINALITY AS u (p, id, e, d, m, v, o)
  WHERE u.v = 'NEW';

  RETURN QUERY SELECT u.o::int, CASE u.v WHEN 'NEW' THEN 'PLACED' ELSE u.v END, coalesce(u.s, u.id), now_placed
  FROM unnest(verdicts, standing, _order_id) WITH ORDINALITY AS u (v, s, id, o) ORDER BY u.o;
END $$;

-- Tells what stands under a key without storing anything, for a request that was refused before it was written.
CREATE FUNCTION orders_find_key(_scope text, _operation text, _key text, _fingerprint text)
RETURNS TABLE (verdict text, result text) LANGUAGE sql AS $$
  SELECT k.verdict, k.result FROM log_check_keys(ARRAY[_scope], _operation, ARRAY[_key], ARRAY[_fingerprint]) k;
$$;

-- Applies what the others said: offsets, the orders' rows at the versions they were decided on, timeline, events. All or
-- nothing. A rejected order gives its PO number back.
CREATE FUNCTION orders_apply(
  _inbox jsonb,
  _order_id uuid[], _expected int[], _version int[], _status text[], _status_reason text[], _stock text[], _payment text[],
  _units_confirmed bigint[], _units_shipped bigint[], _reserved_lines text[],
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
      units_shipped = u.us, reserved_lines = u.rl::jsonb,
      confirmed_at = CASE WHEN u.uc IS NOT NULL THEN coalesce(o.confirmed_at, clock_timestamp()) END,
      released_at = CASE WHEN u.s IN ('RELEASED', 'PARTIALLY_SHIPPED', 'SHIPPED') THEN coalesce(o.released_at, clock_timestamp()) END,
      shipped_at = CASE WHEN u.s = 'SHIPPED' THEN coalesce(o.shipped_at, clock_timestamp()) END
    FROM unnest(_order_id, _expected, _version, _status, _status_reason, _stock, _payment, _units_confirmed, _units_shipped,
                _reserved_lines) AS u (id, x, v, s, r, st, pm, uc, us, rl)
    WHERE o.order_id = u.id AND o.version = u.x;
    GET DIAGNOSTICS written = ROW_COUNT;
    PERFORM log_guard(written, cardinality(_order_id), 'order version');
    DELETE FROM po_numbers p USING orders o, unnest(_order_id, _status) AS u (id, s)
    WHERE u.s = 'REJECTED' AND o.order_id = u.id AND p.partner_id = o.partner_id AND p.po_number = o.po_number AND p.order_id = u.id;
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

-- Creates and changes partners in one call; each row at the version it was decided on.
CREATE FUNCTION partners_upsert(
  _scope text, _key text, _fingerprint text, _result text,
  _partner_id text[], _partition int[], _name text[], _currency_code text[], _payment_methods text[], _ship_to text[], _version int[],
  _event_id uuid[], _type text[], _data text[], _metadata text[]
) RETURNS TABLE (verdict text, result text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  written int;
  checked record;
BEGIN
  SELECT k.verdict, k.result INTO checked FROM log_check_keys(ARRAY[_scope], 'upsertPartners', ARRAY[_key], ARRAY[_fingerprint]) k;
  IF checked.verdict <> 'NEW' THEN
    RETURN QUERY SELECT checked.verdict, checked.result;
    RETURN;
  END IF;
  PERFORM log_store_keys(ARRAY[_scope], 'upsertPartners', ARRAY[_key], ARRAY[_fingerprint], ARRAY[_result]);
  PERFORM 1 FROM partners WHERE partner_id = ANY (_partner_id) ORDER BY partner_id FOR NO KEY UPDATE;
  INSERT INTO partners AS p (partner_id, partition, name, currency_code, payment_methods, ship_to, version)
  SELECT u.id, u.p, u.n, u.c, string_to_array(u.pm, ','), u.st::jsonb, u.v
  FROM unnest(_partner_id, _partition, _name, _currency_code, _payment_methods, _ship_to, _version) AS u (id, p, n, c, pm, st, v)
  ORDER BY u.id
  ON CONFLICT (partner_id) DO UPDATE
    SET name = excluded.name, payment_methods = excluded.payment_methods, ship_to = excluded.ship_to, version = excluded.version
    WHERE p.version = excluded.version - 1;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_partner_id), 'partner version');
  PERFORM log_append(_partition, array_fill('partner'::text, ARRAY[cardinality(_partition)]), _partner_id, _version, _event_id, _type,
                     array_fill(1, ARRAY[cardinality(_partition)]), _data, _metadata);
  RETURN QUERY SELECT 'NEW'::text, _result;
END $$;
