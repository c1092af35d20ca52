-- Takes the events of a restored log back, and with them the rows that follow from them, while the log is closed and nobody
-- else writes. Rows come whole, as folded.
CREATE FUNCTION fulfillment_import(
  _import jsonb, _warehouses json, _orders json, _plans json, _shipments json, _stock json
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM log_import(_import);
  INSERT INTO warehouses AS w (warehouse_id, name, country, priority, status, version)
  SELECT u."warehouseId", u.name, u.country, u.priority, u.status, u.version
  FROM json_to_recordset(_warehouses) AS u ("warehouseId" text, name text, country text, priority int, status text, version int)
  ORDER BY 1
  ON CONFLICT (warehouse_id) DO UPDATE SET name = excluded.name, country = excluded.country, priority = excluded.priority,
    status = excluded.status, version = excluded.version;
  INSERT INTO orders (order_id, partner_id, partition, number, currency_code, ship_to, requested_ship_date, lines,
    confirmed_lines, state, plan_id, plan_attempts, hold_reason, hold_owner, version)
  SELECT u."orderId", u."partnerId", u.partition, u.number, u."currencyCode", u."shipTo", u."requestedShipDate",
    u.lines, u."confirmedLines", u.state, u."planId", u."planAttempts", u."holdReason", u."holdOwner", u.version + 1
  FROM json_to_recordset(_orders) AS u ("orderId" uuid, "partnerId" text, partition int, number text,
    "currencyCode" text, "shipTo" json, "requestedShipDate" text, lines json, "confirmedLines" json, state text,
    "planId" uuid, "planAttempts" int, "holdReason" text, "holdOwner" text, version int) ORDER BY 1
  ON CONFLICT (order_id) DO UPDATE SET confirmed_lines = excluded.confirmed_lines, state = excluded.state,
    plan_id = excluded.plan_id, plan_attempts = excluded.plan_attempts, hold_reason = excluded.hold_reason,
    hold_owner = excluded.hold_owner, version = excluded.version;
  INSERT INTO plans (order_id, attempt, plan_id, rule, explanation, decided_at)
  SELECT u."orderId", u.attempt, u."planId", u.rule, u.explanation, u."decidedAt"
  FROM json_to_recordset(_plans) AS u ("orderId" uuid, attempt int, "planId" uuid, rule text, explanation json,
    "decidedAt" timestamptz);
  INSERT INTO shipments (shipment_id, order_id, plan_id, partner_id, partition, warehouse_id, status, version, release_epoch,
    lines, value_minor, currency_code, carrier, tracking_number, planned_at, confirmed_at)
  SELECT u."shipmentId", u."orderId", u."planId", u."partnerId", u.partition, u."warehouseId", u.status, u.version,
    u."releaseEpoch", u.lines, u."valueMinor", u."currencyCode", u.carrier, u."trackingNumber", u.at,
    CASE WHEN u.status = 'SHIPPED' THEN u.at END
  FROM json_to_recordset(_shipments) AS u ("shipmentId" uuid, "orderId" uuid, "planId" uuid, "partnerId" text, partition int,
    "warehouseId" text, status text, version int, "releaseEpoch" int, lines json, "valueMinor" bigint, "currencyCode" text,
    carrier text, "trackingNumber" text, at timestamptz) ORDER BY 1
  ON CONFLICT (shipment_id) DO UPDATE SET status = excluded.status, version = excluded.version,
    release_epoch = excluded.release_epoch, carrier = excluded.carrier, tracking_number = excluded.tracking_number,
    confirmed_at = excluded.confirmed_at;
  -- A WMS is told again of what it has not confirmed: it knows the release by shipment and epoch.
  INSERT INTO outgoing_releases (shipment_id, warehouse_id, release_epoch)
  SELECT u."shipmentId", u."warehouseId", u."releaseEpoch"
  FROM json_to_recordset(_shipments) AS u ("shipmentId" uuid, "warehouseId" text, status text, "releaseEpoch" int)
  WHERE u.status = 'RELEASED' ORDER BY 1
  ON CONFLICT DO NOTHING;
  DELETE FROM outgoing_releases o USING json_to_recordset(_shipments) AS u ("shipmentId" uuid, status text)
  WHERE u.status = 'SHIPPED' AND o.shipment_id = u."shipmentId";
  INSERT INTO stock_view (sku, available)
  SELECT u.sku, u.available FROM json_to_recordset(_stock) AS u (sku text, available json) ORDER BY 1
  ON CONFLICT (sku) DO UPDATE SET available = excluded.available;
END $$;
