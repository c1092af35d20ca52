-- Takes the events of a restored log back, and with them the rows that follow from them. Rows come whole, as folded; the log is
-- closed meanwhile, so that nobody else writes.

-- `_reminders`: how often an order was reminded, for the version its next reminder has.
-- `_orders`: rows of orders, each with the last of its events; `_partners`: rows of partners at the version of their last event.
CREATE FUNCTION orders_import(_import jsonb, _orders jsonb, _partners jsonb, _reminders jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM log_import(_import);
  INSERT INTO orders AS o (order_id, partition, partner_id, number, po_number, status, status_reason, version, shortage_policy,
    currency_code, total_minor, units_ordered, units_confirmed, units_shipped, stock, payment, reserved_lines, placed_by,
    placed_at, advanced_at, confirmed_at, released_at, shipped_at, held_from, hold_reason, hold_owner, heard_early)
  SELECT u."orderId", u.partition, u."partnerId", u.number, u."poNumber", u.status, u."statusReason", u.version, u."shortagePolicy",
    u."currencyCode", u."totalMinor", u."unitsOrdered", u."unitsConfirmed", u."unitsShipped", u.stock, u.payment,
    nullif(u."reservedLines", 'null'::jsonb), u."placedBy", u."placedAt", u."advancedAt", u."confirmedAt",
    u."releasedAt", u."shippedAt", u."heldFrom", u.hold ->> 'reason', u.hold ->> 'owner', u.early
  FROM jsonb_to_recordset(_orders) AS u ("orderId" uuid, partition int, "partnerId" text, number text, "poNumber" text, status text,
    "statusReason" text, version int, "shortagePolicy" text, "currencyCode" text, "totalMinor" bigint, "unitsOrdered" bigint,
    "unitsConfirmed" bigint, "unitsShipped" bigint, stock text, payment text, "reservedLines" jsonb, "placedBy" text,
    "placedAt" timestamptz, "advancedAt" timestamptz, "heldFrom" text, hold jsonb, early jsonb, "confirmedAt" timestamptz, "releasedAt" timestamptz, "shippedAt" timestamptz)
  ORDER BY u."orderId"
  ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, status_reason = excluded.status_reason,
    version = excluded.version, units_confirmed = excluded.units_confirmed, units_shipped = excluded.units_shipped,
    stock = excluded.stock, payment = excluded.payment, reserved_lines = excluded.reserved_lines,
    confirmed_at = excluded.confirmed_at, released_at = excluded.released_at, shipped_at = excluded.shipped_at,
    advanced_at = excluded.advanced_at, held_from = excluded.held_from, hold_reason = excluded.hold_reason,
    hold_owner = excluded.hold_owner, heard_early = excluded.heard_early;
  -- First the numbers that were given back, so that the order that took one after it finds it free.
  DELETE FROM po_numbers p USING orders o, jsonb_to_recordset(_orders) AS u ("orderId" uuid, status text)
  WHERE u.status = 'REJECTED' AND o.order_id = u."orderId" AND p.partner_id = o.partner_id AND p.po_number = o.po_number
    AND p.order_id = o.order_id;
  INSERT INTO po_numbers (partner_id, po_number, order_id)
  SELECT u."partnerId", u."poNumber", u."orderId"
  FROM jsonb_to_recordset(_orders) AS u ("orderId" uuid, "partnerId" text, "poNumber" text, status text)
  WHERE u."poNumber" IS NOT NULL AND u.status <> 'REJECTED' ORDER BY 1, 2
  ON CONFLICT DO NOTHING;
  INSERT INTO partners (partner_id, partition, name, currency_code, payment_methods, ship_to, version)
  SELECT u."partnerId", u.partition, u.name, u."currencyCode", ARRAY(SELECT jsonb_array_elements_text(u."paymentMethods")),
    nullif(u."shipTo", 'null'::jsonb), u.version
  FROM jsonb_to_recordset(_partners) AS u ("partnerId" text, partition int, name text, "currencyCode" text, "paymentMethods" jsonb,
    "shipTo" jsonb, version int) ORDER BY 1
  ON CONFLICT (partner_id) DO UPDATE SET name = excluded.name, payment_methods = excluded.payment_methods,
    ship_to = excluded.ship_to, version = excluded.version;
  INSERT INTO order_watches AS w (order_id, said)
  SELECT u."orderId", max(u.said) FROM jsonb_to_recordset(_reminders) AS u ("orderId" uuid, said int) GROUP BY 1 ORDER BY 1
  ON CONFLICT (order_id) DO UPDATE SET said = greatest(w.said, excluded.said);
END $$;

-- Moves the sequence of number blocks behind every number in use, and behind those that lost orders may have had: their
-- clients hold them.
CREATE FUNCTION orders_skip_numbers(_block_size int, _first int, _margin_blocks int) RETURNS void LANGUAGE sql AS $$
  SELECT setval('order_number_blocks', greatest(
    (SELECT last_value FROM order_number_blocks),
    (SELECT coalesce(max(substring(number FROM '^SO-([0-9]+)$')::bigint) - _first, 0) / _block_size FROM orders)) + _margin_blocks);
$$;
