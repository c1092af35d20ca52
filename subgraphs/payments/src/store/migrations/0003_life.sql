-- The whole life of a payment: authorisations are renewed before they die, money is given back, calls that cannot be made wait for
-- a person, and a second provider may take what the first was never asked for.
-- Lock order of every function: idempotency keys, offsets or lease, payments, card calls, credit accounts, invoices, each sorted,
-- then the log's counters.

-- The provider of the only authorisation of an ordinary order, and when the first of the order's authorisations dies that something
-- is still to be taken from.
ALTER TABLE payments ADD COLUMN provider text, ADD COLUMN authorisation_expires_at timestamptz;
CREATE INDEX payments_authorisations_die ON payments (authorisation_expires_at)
  WHERE authorisation_expires_at IS NOT NULL AND NOT closed;

-- A partner that paid ahead owes less than nothing.
ALTER TABLE credit_accounts DROP CONSTRAINT credit_exposure_not_negative;

ALTER TABLE ledger_accounts DROP CONSTRAINT ledger_accounts_kind_check;
ALTER TABLE ledger_accounts ADD CONSTRAINT ledger_account_kind_known CHECK (kind IN ('receivable', 'card_clearing', 'sales', 'bank'));
ALTER TABLE ledger_entries
  ALTER COLUMN order_id DROP NOT NULL,
  ALTER COLUMN shipment_id DROP NOT NULL,
  ADD COLUMN kind text NOT NULL DEFAULT 'SALE' CONSTRAINT ledger_entry_kind_known CHECK (kind IN ('SALE', 'REFUND', 'SETTLEMENT')),
  ADD COLUMN refund_id uuid,
  ADD COLUMN settlement_id uuid,
  ADD COLUMN reference text,
  ADD CONSTRAINT ledger_entry_says_what CHECK (CASE kind
    WHEN 'SALE' THEN order_id IS NOT NULL AND shipment_id IS NOT NULL
    WHEN 'REFUND' THEN order_id IS NOT NULL AND shipment_id IS NOT NULL AND refund_id IS NOT NULL
    ELSE settlement_id IS NOT NULL END);
CREATE INDEX ledger_entries_of_order ON ledger_entries (order_id);

-- `held`: it waits for a person, who has its dead letter. `since`: when it was first to be made, or was to be made again.
-- `provider`: whom an authorisation is asked of; chosen by the try `bound_attempt`, and chosen anew while no try ever left us.
ALTER TABLE payment_calls
  DROP CONSTRAINT payment_calls_state_known,
  DROP CONSTRAINT payment_calls_operation_check,
  ADD COLUMN since timestamptz NOT NULL DEFAULT clock_timestamp(),
  ADD COLUMN provider text,
  ADD COLUMN bound_attempt int;
UPDATE payment_calls SET state = 'held' WHERE state = 'refused';
ALTER TABLE payment_calls
  ADD CONSTRAINT payment_calls_state_known CHECK (state IN ('due', 'unknown', 'done', 'held')),
  ADD CONSTRAINT payment_calls_operation_known CHECK (operation IN ('authorise', 'capture', 'void', 'refund'));
CREATE INDEX payment_calls_held ON payment_calls (order_id) WHERE state = 'held';
ALTER TABLE payment_attempts ADD COLUMN provider text;

-- Letters of payments' own log: the calls that wait for a person. Nothing moves these offsets but the epoch of the lease.
INSERT INTO offsets (consumer, source, partition, epoch)
SELECT 'payments', 'payments', p.partition, coalesce((SELECT epoch FROM leases WHERE name = 'worker'), 0) FROM partitions p
ON CONFLICT DO NOTHING;

DROP FUNCTION payments_write(
  jsonb, bigint, jsonb, jsonb, jsonb, uuid[], int[], text[],
  int[], int[], int[], text[], text[], bigint[], bigint[], text[],
  text[], int[], text[], bigint[], bigint[], bigint[], text[], text[],
  text[], text[], text[], int[], text[], bigint[], bigint[], uuid[],
  uuid[], uuid[], text[], text[], text[], text[], text[], bigint[],
  int[], text[], int[], uuid[], text[], text[], text[]
);
DROP FUNCTION ledger_post(uuid[], uuid[], uuid[], text[], text[], text[], text[], text[], bigint[]);
DROP FUNCTION calls_claim(bigint, int, int);

CREATE FUNCTION ledger_post(
  _entry_id uuid[], _kind text[], _order_id uuid[], _shipment_id uuid[], _refund_id uuid[], _debit text[], _debit_kind text[],
  _partner_id text[], _credit text[], _credit_kind text[], _currency_code text[], _amount bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(_entry_id) = 0 THEN RETURN; END IF;
  INSERT INTO ledger_accounts (account, currency_code, kind, partner_id)
  SELECT DISTINCT a.account, a.currency, a.kind, CASE WHEN a.kind IN ('receivable', 'card_clearing') THEN a.partner END FROM (
    SELECT u.d, u.c, u.k, u.p FROM unnest(_debit, _currency_code, _debit_kind, _partner_id) AS u (d, c, k, p)
    UNION ALL SELECT u.d, u.c, u.k, u.p FROM unnest(_credit, _currency_code, _credit_kind, _partner_id) AS u (d, c, k, p)
  ) AS a (account, currency, kind, partner)
  WHERE NOT EXISTS (SELECT 1 FROM ledger_accounts l WHERE l.account = a.account AND l.currency_code = a.currency)
  ORDER BY 1, 2
  ON CONFLICT DO NOTHING;
  INSERT INTO ledger_entries
    (entry_id, kind, order_id, shipment_id, refund_id, debit_account, credit_account, currency_code, amount_minor)
  SELECT * FROM unnest(_entry_id, _kind, _order_id, _shipment_id, _refund_id, _debit, _credit, _currency_code, _amount);
END $$;

-- Ends or postpones claimed calls. `state` null keeps the claim. `left` false: this try never left us, so that the provider it had
-- chosen may be chosen anew. A claim that is no longer held raises.
-- [{"orderId","operation","instance","attempt","state","outcome","reason","delayMs","left"}]
CREATE OR REPLACE FUNCTION payments_settle_calls(_epoch bigint, _calls jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  settled int;
BEGIN
  PERFORM 1 FROM payment_calls c
  JOIN jsonb_to_recordset(_calls) AS u ("orderId" uuid, operation text, instance text)
    ON c.order_id = u."orderId" AND c.operation = u.operation AND c.instance = u.instance
  ORDER BY c.order_id, c.operation, c.instance FOR NO KEY UPDATE OF c;
  UPDATE payment_calls c SET
    state = coalesce(u.state, c.state),
    next_try_at = CASE WHEN u.state IS NULL THEN c.next_try_at ELSE clock_timestamp() + u."delayMs" * interval '1 millisecond' END,
    claimed_epoch = CASE WHEN u.state IS NULL THEN c.claimed_epoch END,
    provider = CASE WHEN u."left" IS NOT FALSE OR c.bound_attempt <> u.attempt THEN c.provider END,
    bound_attempt = CASE WHEN u."left" IS NOT FALSE OR c.bound_attempt <> u.attempt THEN c.bound_attempt END
  FROM jsonb_to_recordset(_calls)
    AS u ("orderId" uuid, operation text, instance text, attempt int, state text, "delayMs" int, "left" boolean)
  WHERE c.order_id = u."orderId" AND c.operation = u.operation AND c.instance = u.instance
    AND c.attempts = u.attempt AND c.claimed_epoch = _epoch;
  GET DIAGNOSTICS settled = ROW_COUNT;
  IF settled <> jsonb_array_length(_calls) THEN
    RAISE EXCEPTION 'claims were lost: % of % held', settled, jsonb_array_length(_calls) USING ERRCODE = 'CD001';
  END IF;
  UPDATE payment_attempts a SET outcome = u.outcome, reason = u.reason
  FROM jsonb_to_recordset(_calls) AS u ("orderId" uuid, operation text, instance text, attempt int, state text, outcome text, reason text)
  WHERE u.state IS NOT NULL AND a.order_id = u."orderId" AND a.operation = u.operation AND a.instance = u.instance
    AND a.attempt = u.attempt;
END $$;

-- Makes calls that wait for a person due again, and starts their patience anew. What may have happened is found out first.
-- [{"orderId","operation","instance"}]
CREATE FUNCTION payments_rearm_calls(_calls jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM payment_calls c
  JOIN jsonb_to_recordset(_calls) AS u ("orderId" uuid, operation text, instance text)
    ON c.order_id = u."orderId" AND c.operation = u.operation AND c.instance = u.instance
  ORDER BY c.order_id, c.operation, c.instance FOR NO KEY UPDATE OF c;
  UPDATE payment_calls c SET state = 'unknown', claimed_epoch = NULL, next_try_at = clock_timestamp(), since = clock_timestamp()
  FROM jsonb_to_recordset(_calls) AS u ("orderId" uuid, operation text, instance text)
  WHERE c.order_id = u."orderId" AND c.operation = u.operation AND c.instance = u.instance AND c.state = 'held';
END $$;

-- Takes letters of payments' own log in turn: whoever parks, replays, rehearses or discards one of a partition holds the offset of
-- that partition first, before the payment, the letters and their parked keys. So none of them wants what another has, and a discard
-- that would let a key go on sees the letter of it that was being parked. (letters_fence takes the same rows for what is no rehearsal.)
CREATE FUNCTION payments_take_letters_in_turn(_partition int[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM offsets o WHERE o.consumer = 'payments' AND o.source = 'payments' AND o.partition = ANY (_partition)
  ORDER BY o.partition FOR NO KEY UPDATE;
END $$;

-- `log_consume` for this subgraph: a rehearsal, which no epoch fences, takes its letters in turn as well.
CREATE FUNCTION payments_consume(_inbox jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF _inbox ? 'dryRun' AND _inbox ? 'replays' THEN
    PERFORM payments_take_letters_in_turn(ARRAY(
      SELECT u.partition FROM jsonb_to_recordset(_inbox -> 'replays') AS u (source text, partition int) WHERE u.source = 'payments'));
  END IF;
  PERFORM log_consume(_inbox);
END $$;

-- Parks the event behind each letter, just appended, as a dead letter of payments' own log; the letters were taken in turn before.
-- [{"eventId","key","error","fingerprint","attempts","codeVersion","trace"}]
CREATE FUNCTION payments_park_calls(_letters jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM letters_park('payments', (
    SELECT jsonb_agg(l.letter || jsonb_build_object(
      'source', 'payments', 'partition', e.partition, 'position', e.position, 'event', jsonb_build_object(
        'id', e.event_id, 'category', e.category, 'stream', e.stream_id, 'version', e.version, 'type', e.type,
        'schemaVersion', e.schema_version, 'data', e.data, 'metadata', e.metadata,
        'at', to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) ORDER BY e.partition, e.position)
    FROM jsonb_array_elements(_letters) AS l (letter) JOIN events e ON e.event_id = (l.letter ->> 'eventId')::uuid));
END $$;

-- The one write of this subgraph's facts: what was heard (_inbox), what a provider answered (_epoch, _settled), what the worker does
-- by itself (_epoch), or what a caller asked for under an idempotency key (_key), with all that follows. Rows are written at the
-- versions they were decided on; all or nothing. Answers the verdict on the key and what stands under it.
CREATE FUNCTION payments_write(
  _inbox jsonb, _epoch bigint, _settled jsonb, _key jsonb, _partners jsonb, _calls jsonb, _rearmed jsonb, _invoices jsonb,
  _letters jsonb,
  _order_id uuid[], _expected int[], _partner_id text[], _partition int[], _stream_version int[], _closed int[], _method text[],
  _currency_code text[], _total bigint[], _reserved bigint[], _stage text[], _status text[], _unknown int[], _decline_reason text[],
  _authorised bigint[], _captured bigint[], _refunded bigint[], _provider_id text[], _sealed text[], _shipments text[],
  _in_depth text[], _provider text[], _expires timestamptz[],
  _credit_partner text[], _credit_partition int[], _credit_currency text[], _credit_delta bigint[], _credit_peak bigint[],
  _entry_id uuid[], _entry_kind text[], _entry_order uuid[], _entry_shipment uuid[], _entry_refund uuid[],
  _entry_debit text[], _entry_debit_kind text[], _entry_partner text[], _entry_credit text[], _entry_credit_kind text[],
  _entry_currency text[], _entry_amount bigint[],
  _e_partition int[], _e_stream text[], _e_version int[], _e_id uuid[], _e_type text[], _e_data text[], _e_metadata text[]
) RETURNS TABLE (verdict text, result text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  checked record;
  inserted int := 0;
  updated int := 0;
BEGIN
  IF _key IS NOT NULL THEN
    SELECT k.verdict, k.result INTO checked FROM log_check_keys(
      ARRAY[_key ->> 'scope'], _key ->> 'operation', ARRAY[_key ->> 'key'], ARRAY[_key ->> 'fingerprint']) k;
    IF checked.verdict <> 'NEW' THEN
      RETURN QUERY SELECT checked.verdict, checked.result;
      RETURN;
    END IF;
    PERFORM log_store_keys(ARRAY[_key ->> 'scope'], _key ->> 'operation', ARRAY[_key ->> 'key'], ARRAY[_key ->> 'fingerprint'],
                           ARRAY[_key ->> 'result']);
  ELSIF _inbox IS NOT NULL THEN
    PERFORM payments_consume(_inbox);
  ELSE
    PERFORM payments_fence(_epoch);
  END IF;
  IF _letters IS NOT NULL THEN PERFORM payments_take_letters_in_turn(_e_partition); END IF;
  IF _partners IS NOT NULL THEN
    INSERT INTO partners SELECT u.id, u.partition, u.currency
    FROM jsonb_to_recordset(_partners) AS u (id text, partition int, currency text) ORDER BY u.id
    ON CONFLICT (partner_id) DO UPDATE SET currency_code = excluded.currency_code;
  END IF;
  IF 0 = ANY (_expected) THEN
    INSERT INTO payments (order_id, partner_id, partition, version, stream_version, closed, method, currency_code, total_minor,
      reserved_minor, stage, status, outcome_unknown, decline_reason, authorised_minor, captured_minor, refunded_minor,
      provider_authorisation_id, sealed_card_token, shipments, in_depth, provider,
      authorisation_expires_at)
    SELECT u.id, u.pa, u.p, 1, u.sv, u.cl = 1, u.m, u.c, u.t, u.r, u.sg, u.st, u.un = 1, u.dr, u.au, u.ca, u.re, u.pi, u.se,
           u.sh::jsonb, u.dp::jsonb, u.pv, u.ex2
    FROM unnest(_order_id, _expected, _partner_id, _partition, _stream_version, _closed, _method, _currency_code, _total, _reserved,
      _stage, _status, _unknown, _decline_reason, _authorised, _captured, _refunded, _provider_id, _sealed, _shipments,
      _in_depth, _provider, _expires) AS u (id, ex, pa, p, sv, cl, m, c, t, r, sg, st, un, dr, au, ca, re, pi, se, sh, dp, pv, ex2)
    WHERE u.ex = 0 ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS inserted = ROW_COUNT;
  END IF;
  IF inserted < cardinality(_order_id) THEN
    PERFORM 1 FROM payments WHERE order_id = ANY (_order_id) ORDER BY order_id FOR NO KEY UPDATE;
    UPDATE payments p SET version = p.version + 1, stream_version = u.sv, closed = u.cl = 1, method = u.m, currency_code = u.c,
      total_minor = u.t, reserved_minor = u.r, stage = u.sg, status = u.st, outcome_unknown = u.un = 1, decline_reason = u.dr,
      authorised_minor = u.au, captured_minor = u.ca, refunded_minor = u.re, provider_authorisation_id = u.pi,
      sealed_card_token = u.se, shipments = u.sh::jsonb, in_depth = u.dp::jsonb,
      provider = u.pv, authorisation_expires_at = u.ex2
    FROM unnest(_order_id, _expected, _stream_version, _closed, _method, _currency_code, _total, _reserved, _stage, _status, _unknown,
      _decline_reason, _authorised, _captured, _refunded, _provider_id, _sealed, _shipments, _in_depth, _provider, _expires)
      AS u (id, ex, sv, cl, m, c, t, r, sg, st, un, dr, au, ca, re, pi, se, sh, dp, pv, ex2)
    WHERE u.ex > 0 AND p.order_id = u.id AND p.version = u.ex;
    GET DIAGNOSTICS updated = ROW_COUNT;
  END IF;
  PERFORM log_guard(inserted + updated, cardinality(_order_id), 'payment version');
  IF _settled IS NOT NULL THEN PERFORM payments_settle_calls(_epoch, _settled); END IF;
  IF _rearmed IS NOT NULL THEN PERFORM payments_rearm_calls(_rearmed); END IF;
  IF _calls IS NOT NULL THEN
    INSERT INTO payment_calls (order_id, operation, instance, state, provider_key, cause_id, traceparent)
    SELECT u."orderId", u.operation, u.instance, 'due', u.key, u."causeId", u.traceparent
    FROM jsonb_to_recordset(_calls) AS u ("orderId" uuid, operation text, instance text, key text, "causeId" text, traceparent text);
  END IF;
  PERFORM credit_move(_credit_partner, _credit_partition, _credit_currency, _credit_delta, _credit_peak);
  PERFORM ledger_post(_entry_id, _entry_kind, _entry_order, _entry_shipment, _entry_refund, _entry_debit, _entry_debit_kind,
                      _entry_partner, _entry_credit, _entry_credit_kind, _entry_currency, _entry_amount);
  IF _invoices IS NOT NULL THEN PERFORM invoices_write(_invoices); END IF;
  PERFORM log_append(_e_partition, array_fill('payment'::text, ARRAY[cardinality(_e_partition)]), _e_stream, _e_version, _e_id, _e_type,
                     array_fill(1, ARRAY[cardinality(_e_partition)]), _e_data, _e_metadata);
  IF _letters IS NOT NULL THEN PERFORM payments_park_calls(_letters); END IF;
  RETURN QUERY SELECT 'NEW'::text, _key ->> 'result';
END $$;

-- Claims due calls for _claim_ms and notes a try of each. An authorisation that no provider was chosen for is asked of _provider.
CREATE FUNCTION calls_claim(_epoch bigint, _limit int, _claim_ms int, _provider text)
RETURNS TABLE (order_id uuid, operation text, instance text, state text, provider_key text, attempt int, cause_id text, traceparent text,
               provider text, bound_attempt int, waited_ms float8)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  call payment_calls;
BEGIN
  PERFORM payments_fence(_epoch);
  FOR call IN
    WITH due AS MATERIALIZED (
      SELECT d.order_id, d.operation, d.instance FROM payment_calls d
      WHERE d.state IN ('due', 'unknown') AND d.next_try_at <= clock_timestamp()
      ORDER BY d.next_try_at LIMIT _limit FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE payment_calls c
    SET attempts = c.attempts + 1, claimed_epoch = _epoch, next_try_at = clock_timestamp() + _claim_ms * interval '1 millisecond',
        provider = CASE WHEN c.operation = 'authorise' THEN coalesce(c.provider, _provider) END,
        bound_attempt = CASE WHEN c.provider IS NULL AND c.operation = 'authorise' THEN c.attempts + 1 ELSE c.bound_attempt END
    FROM due WHERE c.order_id = due.order_id AND c.operation = due.operation AND c.instance = due.instance
    RETURNING c.*
  LOOP
    INSERT INTO payment_attempts (order_id, operation, instance, attempt, provider_key, outcome, provider)
    VALUES (call.order_id, call.operation, call.instance, call.attempts, call.provider_key, 'unknown', call.provider);
    RETURN QUERY SELECT call.order_id, call.operation, call.instance, call.state, call.provider_key, call.attempts, call.cause_id,
                        call.traceparent, call.provider, call.bound_attempt,
                        (extract(epoch FROM clock_timestamp() - call.since) * 1000)::float8;
  END LOOP;
END $$;

-- Asks another provider for an authorisation that this very try had chosen one for; nothing of it has left us. Answers whether it is so.
CREATE FUNCTION calls_rebind(_epoch bigint, _order_id uuid, _instance text, _attempt int, _provider text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_fence(_epoch);
  UPDATE payment_calls SET provider = _provider
  WHERE order_id = _order_id AND operation = 'authorise' AND instance = _instance AND attempts = _attempt AND bound_attempt = _attempt
    AND claimed_epoch = _epoch;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE payment_attempts SET provider = _provider
  WHERE order_id = _order_id AND operation = 'authorise' AND instance = _instance AND attempt = _attempt;
  RETURN true;
END $$;
