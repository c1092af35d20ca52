-- A person may give a held call up, and each part is booked when it is done.

-- Makes calls that wait for a person due again, and starts their patience anew: what may have happened is found out first. One that is
-- given up is never made again.
-- [{"orderId","operation","instance","state"}]
CREATE OR REPLACE FUNCTION payments_rearm_calls(_calls jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM payment_calls c
  JOIN jsonb_to_recordset(_calls) AS u ("orderId" uuid, operation text, instance text)
    ON c.order_id = u."orderId" AND c.operation = u.operation AND c.instance = u.instance
  ORDER BY c.order_id, c.operation, c.instance FOR NO KEY UPDATE OF c;
  UPDATE payment_calls c
  SET state = coalesce(u.state, 'unknown'), claimed_epoch = NULL, next_try_at = clock_timestamp(), since = clock_timestamp()
  FROM jsonb_to_recordset(_calls) AS u ("orderId" uuid, operation text, instance text, state text)
  WHERE c.order_id = u."orderId" AND c.operation = u.operation AND c.instance = u.instance AND c.state = 'held';
END $$;

-- Payments are written before invoices, and by nobody else meanwhile: what is read here is what is booked.
LOCK TABLE payments IN SHARE ROW EXCLUSIVE MODE;

-- Parts that were done before each was booked by itself, of shipments and refunds of which another part is still out.
CREATE TEMPORARY TABLE parts_to_book ON COMMIT DROP AS
SELECT p.order_id, p.partner_id, p.currency_code, 'SALE' AS kind, (s ->> 'shipmentId')::uuid AS shipment_id, NULL::uuid AS refund_id,
       (part ->> 'amountMinor')::bigint AS amount_minor
FROM payments p, jsonb_array_elements(p.shipments) s, jsonb_array_elements(s -> 'parts') part
WHERE p.method = 'CARD' AND s ->> 'state' = 'REQUESTED' AND (part ->> 'captured')::boolean
UNION ALL
SELECT p.order_id, p.partner_id, p.currency_code, 'REFUND', (part ->> 'shipmentId')::uuid, (r ->> 'refundId')::uuid,
       (part ->> 'amountMinor')::bigint
FROM payments p, jsonb_array_elements(p.in_depth -> 'refunds') r, jsonb_array_elements(r -> 'parts') part
WHERE p.method = 'CARD' AND (part ->> 'done')::boolean AND EXISTS (
  SELECT 1 FROM jsonb_array_elements(r -> 'parts') other
  WHERE other ->> 'shipmentId' = part ->> 'shipmentId' AND NOT (other ->> 'done')::boolean);

-- Whoever decided on a row as it was before decides again. Another part of each is still out, so that nothing is taken or given back whole.
UPDATE payments p SET version = p.version + 1, captured_minor = p.captured_minor + b.captured, refunded_minor = p.refunded_minor + b.refunded,
  status = CASE WHEN p.outcome_unknown THEN p.status WHEN p.refunded_minor + b.refunded > 0 THEN 'PARTIALLY_REFUNDED' ELSE 'PARTIALLY_CAPTURED' END
FROM (SELECT order_id, coalesce(sum(amount_minor) FILTER (WHERE kind = 'SALE'), 0)::bigint AS captured,
             coalesce(sum(amount_minor) FILTER (WHERE kind = 'REFUND'), 0)::bigint AS refunded
      FROM parts_to_book GROUP BY order_id) b
WHERE p.order_id = b.order_id;
INSERT INTO ledger_accounts (account, currency_code, kind, partner_id)
SELECT DISTINCT 'card_clearing/' || b.partner_id, b.currency_code, 'card_clearing', b.partner_id FROM parts_to_book b
UNION ALL SELECT DISTINCT 'sales', b.currency_code, 'sales', NULL::text FROM parts_to_book b
ON CONFLICT DO NOTHING;
INSERT INTO ledger_entries (entry_id, kind, order_id, shipment_id, refund_id, debit_account, credit_account, currency_code, amount_minor)
SELECT gen_random_uuid(), b.kind, b.order_id, b.shipment_id, b.refund_id,
       CASE b.kind WHEN 'SALE' THEN 'card_clearing/' || b.partner_id ELSE 'sales' END,
       CASE b.kind WHEN 'SALE' THEN 'sales' ELSE 'card_clearing/' || b.partner_id END, b.currency_code, b.amount_minor
FROM parts_to_book b;
UPDATE invoices i SET paid_minor = i.paid_minor + b.paid, credited_minor = i.credited_minor + b.credited
FROM (SELECT shipment_id, coalesce(sum(amount_minor) FILTER (WHERE kind = 'SALE'), 0)::bigint AS paid,
             coalesce(sum(amount_minor) FILTER (WHERE kind = 'REFUND'), 0)::bigint AS credited
      FROM parts_to_book GROUP BY shipment_id) b
WHERE i.shipment_id = b.shipment_id;

-- Last, as these keep readers of invoices out until the commit: what is read and written above takes its time before.
-- What a card got back of an invoice leaves as much of it open as was never taken.
DROP INDEX invoices_open;
CREATE INDEX invoices_open ON invoices (partner_id, due_on, number)
  WHERE number IS NOT NULL AND (paid_minor + credited_minor < total_minor OR method = 'CARD' AND paid_minor < total_minor);
-- What is credited is never more than what left was worth.
ALTER TABLE invoices ADD CONSTRAINT invoice_credited_within_total CHECK (credited_minor <= total_minor);
