-- Makes the open calls of orders that wait too long due now. A call that is being made is left alone: its claim ends it.
CREATE FUNCTION calls_hasten(_epoch bigint, _order_id uuid[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  hastened int;
BEGIN
  PERFORM payments_fence(_epoch);
  PERFORM 1 FROM payment_calls WHERE order_id = ANY (_order_id) AND state IN ('due', 'unknown') AND claimed_epoch IS NULL
  ORDER BY order_id, operation, instance FOR NO KEY UPDATE;
  UPDATE payment_calls SET next_try_at = clock_timestamp()
  WHERE order_id = ANY (_order_id) AND state IN ('due', 'unknown') AND claimed_epoch IS NULL AND next_try_at > clock_timestamp();
  GET DIAGNOSTICS hastened = ROW_COUNT;
  RETURN hastened;
END $$;
