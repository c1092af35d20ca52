-- What fulfillment said of an order before its confirmation was decided here, in the order it was heard: kept until then.
-- [{"type": "NoteRelease" | "NoteShipment", "data": {...}}, ...]
ALTER TABLE orders ADD COLUMN heard_early jsonb NOT NULL DEFAULT '[]';

-- Goods that left are counted in every state, also of an order that was rejected.
ALTER TABLE orders DROP CONSTRAINT orders_ship_what_was_confirmed;
ALTER TABLE orders ADD CONSTRAINT orders_ship_what_was_confirmed
  CHECK (units_confirmed IS NULL OR units_shipped <= units_confirmed);

-- Called behind orders_apply in the same statement, so that the rows are locked and their versions compared.
CREATE FUNCTION orders_keep_early(_order_id uuid[], _heard_early text[]) RETURNS void LANGUAGE sql AS $$
  UPDATE orders o SET heard_early = u.e::jsonb FROM unnest(_order_id, _heard_early) AS u (id, e) WHERE o.order_id = u.id;
$$;
