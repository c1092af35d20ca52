-- Has the releases of orders that wait too long told now. The epoch is that of the consumer's offsets, as in log_consume.
CREATE FUNCTION fulfillment_hasten_releases(_consumer text, _epoch bigint, _order_id uuid[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  hastened int;
BEGIN
  PERFORM 1 FROM offsets WHERE consumer = _consumer ORDER BY source, partition FOR SHARE;
  IF EXISTS (SELECT 1 FROM offsets WHERE consumer = _consumer AND epoch <> _epoch) THEN
    RAISE EXCEPTION 'the lease of % was lost', _consumer USING ERRCODE = 'CD001';
  END IF;
  PERFORM 1 FROM outgoing_releases r JOIN shipments s USING (shipment_id)
  WHERE s.order_id = ANY (_order_id) AND r.state = 'PENDING' ORDER BY r.shipment_id FOR NO KEY UPDATE OF r;
  UPDATE outgoing_releases r SET next_send_at = clock_timestamp() FROM shipments s
  WHERE s.shipment_id = r.shipment_id AND s.order_id = ANY (_order_id) AND r.state = 'PENDING' AND r.next_send_at > clock_timestamp();
  GET DIAGNOSTICS hastened = ROW_COUNT;
  RETURN hastened;
END $$;
