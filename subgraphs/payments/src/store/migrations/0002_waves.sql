-- Stock comes in waves, each with an authorisation of its own, and what is claimed can shrink before it leaves.

-- Null for an order whose stock came at once and whole: its columns are all there is. For any other the columns sum it up.
-- {"waves": [{"wave","reservedMinor","stage","authorisedMinor","reducedMinor","declineReason","providerAuthorisationId"}],
--  "waitingUnits", "heardVersion", "reductions": [{"version","valueMinor","cause"}]}
ALTER TABLE payments ADD COLUMN in_depth jsonb;

-- The epoch of an authorisation is its wave; of the first one it is 1.
ALTER TABLE payments ALTER COLUMN authorisation_epoch SET DEFAULT 1;

-- While units wait the card will be asked again.
ALTER TABLE payments DROP CONSTRAINT payments_token_only_while_needed;
ALTER TABLE payments ADD CONSTRAINT payments_token_only_while_needed CHECK (
  sealed_card_token IS NULL OR (NOT closed AND (stage IN ('OPEN', 'REQUESTED') OR in_depth IS NOT NULL))
);

DROP FUNCTION payments_write(
  jsonb, bigint, jsonb, jsonb, jsonb, uuid[], int[], text[],
  int[], int[], int[], text[], text[], bigint[], bigint[], text[],
  text[], int[], text[], bigint[], bigint[], bigint[], int[], text[],
  text[], text[], text[], int[], text[], bigint[], bigint[], uuid[],
  uuid[], uuid[], text[], text[], text[], text[], text[], bigint[],
  int[], text[], int[], uuid[], text[], text[], text[]
);

-- The one write of this subgraph's facts: what was heard (_inbox) or what a provider answered (_epoch, _settled), with all
-- that follows. Rows are written at the versions they were decided on; all or nothing.
CREATE FUNCTION payments_write(
  _inbox jsonb, _epoch bigint, _settled jsonb, _partners jsonb, _calls jsonb,
  _order_id uuid[], _expected int[], _partner_id text[], _partition int[], _stream_version int[], _closed int[], _method text[],
  _currency_code text[], _total bigint[], _reserved bigint[], _stage text[], _status text[], _unknown int[], _decline_reason text[],
  _authorised bigint[], _captured bigint[], _refunded bigint[], _provider_id text[], _sealed text[], _shipments text[],
  _in_depth text[],
  _credit_partner text[], _credit_partition int[], _credit_currency text[], _credit_delta bigint[], _credit_peak bigint[],
  _entry_id uuid[], _entry_order uuid[], _entry_shipment uuid[], _entry_debit text[], _entry_kind text[], _entry_partner text[],
  _entry_credit text[], _entry_currency text[], _entry_amount bigint[],
  _e_partition int[], _e_stream text[], _e_version int[], _e_id uuid[], _e_type text[], _e_data text[], _e_metadata text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  inserted int := 0;
  updated int := 0;
BEGIN
  IF _inbox IS NOT NULL THEN PERFORM log_consume(_inbox); ELSE PERFORM payments_fence(_epoch); END IF;
  IF _partners IS NOT NULL THEN
    INSERT INTO partners SELECT u.id, u.partition, u.currency
    FROM jsonb_to_recordset(_partners) AS u (id text, partition int, currency text) ORDER BY u.id
    ON CONFLICT (partner_id) DO UPDATE SET currency_code = excluded.currency_code;
  END IF;
  IF 0 = ANY (_expected) THEN
    INSERT INTO payments (order_id, partner_id, partition, version, stream_version, closed, method, currency_code, total_minor,
      reserved_minor, stage, status, outcome_unknown, decline_reason, authorised_minor, captured_minor, refunded_minor,
      provider_authorisation_id, sealed_card_token, shipments, in_depth)
    SELECT u.id, u.pa, u.p, 1, u.sv, u.cl = 1, u.m, u.c, u.t, u.r, u.sg, u.st, u.un = 1, u.dr, u.au, u.ca, u.re, u.pi, u.se,
           u.sh::jsonb, u.dp::jsonb
    FROM unnest(_order_id, _expected, _partner_id, _partition, _stream_version, _closed, _method, _currency_code, _total, _reserved,
      _stage, _status, _unknown, _decline_reason, _authorised, _captured, _refunded, _provider_id, _sealed, _shipments,
      _in_depth) AS u (id, ex, pa, p, sv, cl, m, c, t, r, sg, st, un, dr, au, ca, re, pi, se, sh, dp)
    WHERE u.ex = 0 ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS inserted = ROW_COUNT;
  END IF;
  IF inserted < cardinality(_order_id) THEN
    PERFORM 1 FROM payments WHERE order_id = ANY (_order_id) ORDER BY order_id FOR NO KEY UPDATE;
    UPDATE payments p SET version = p.version + 1, stream_version = u.sv, closed = u.cl = 1, method = u.m, currency_code = u.c,
      total_minor = u.t, reserved_minor = u.r, stage = u.sg, status = u.st, outcome_unknown = u.un = 1, decline_reason = u.dr,
      authorised_minor = u.au, captured_minor = u.ca, refunded_minor = u.re, provider_authorisation_id = u.pi,
      sealed_card_token = u.se, shipments = u.sh::jsonb, in_depth = u.dp::jsonb
    FROM unnest(_order_id, _expected, _stream_version, _closed, _method, _currency_code, _total, _reserved, _stage, _status, _unknown,
      _decline_reason, _authorised, _captured, _refunded, _provider_id, _sealed, _shipments, _in_depth)
      AS u (id, ex, sv, cl, m, c, t, r, sg, st, un, dr, au, ca, re, pi, se, sh, dp)
    WHERE u.ex > 0 AND p.order_id = u.id AND p.version = u.ex;
    GET DIAGNOSTICS updated = ROW_COUNT;
  END IF;
  PERFORM log_guard(inserted + updated, cardinality(_order_id), 'payment version');
  IF _settled IS NOT NULL THEN PERFORM payments_settle_calls(_epoch, _settled); END IF;
  IF _calls IS NOT NULL THEN
    INSERT INTO payment_calls (order_id, operation, instance, state, provider_key, cause_id, traceparent)
    SELECT u."orderId", u.operation, u.instance, 'due', u.key, u."causeId", u.traceparent
    FROM jsonb_to_recordset(_calls) AS u ("orderId" uuid, operation text, instance text, key text, "causeId" text, traceparent text);
  END IF;
  PERFORM credit_move(_credit_partner, _credit_partition, _credit_currency, _credit_delta, _credit_peak);
  PERFORM ledger_post(_entry_id, _entry_order, _entry_shipment, _entry_debit, _entry_kind, _entry_partner, _entry_credit,
                      _entry_currency, _entry_amount);
  PERFORM log_append(_e_partition, array_fill('payment'::text, ARRAY[cardinality(_e_partition)]), _e_stream, _e_version, _e_id, _e_type,
                     array_fill(1, ARRAY[cardinality(_e_partition)]), _e_data, _e_metadata);
END $$;
