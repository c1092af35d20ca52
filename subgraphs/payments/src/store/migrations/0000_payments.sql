-- The money of orders, partners' credit, the ledger, and the calls to card providers.
-- Lock order of every function: offsets or lease, payments, card calls, credit accounts, each sorted, then the log's counters.

-- Replica of orders' partners.
CREATE TABLE partners (
  partner_id text PRIMARY KEY,
  partition int NOT NULL,
  currency_code text NOT NULL
) WITH (fillfactor = 80);

-- One row an order, whatever has been heard of it so far. `version` counts writes, `stream_version` the events said.
CREATE TABLE payments (
  order_id uuid PRIMARY KEY,
  partner_id text NOT NULL,
  partition int NOT NULL,
  version int NOT NULL,
  stream_version int NOT NULL,
  closed boolean NOT NULL,
  method text CONSTRAINT payments_method_known CHECK (method IN ('TERMS', 'CARD')),
  currency_code text,
  total_minor bigint,
  reserved_minor bigint,
  stage text NOT NULL CONSTRAINT payments_stage_known
    CHECK (stage IN ('OPEN', 'REQUESTED', 'AUTHORISED', 'DECLINED', 'VOIDING', 'VOIDED')),
  status text NOT NULL,
  outcome_unknown boolean NOT NULL,
  decline_reason text,
  authorised_minor bigint NOT NULL,
  captured_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  authorisation_epoch int NOT NULL,
  provider_authorisation_id text,
  sealed_card_token text,
  shipments jsonb NOT NULL,
  CONSTRAINT payments_refunds_within_captures CHECK (refunded_minor BETWEEN 0 AND captured_minor),
  CONSTRAINT payments_token_only_while_needed
    CHECK (sealed_card_token IS NULL OR (stage IN ('OPEN', 'REQUESTED') AND NOT closed))
) WITH (fillfactor = 60);

-- What a partner may owe and what it owes or has reserved. Lowering the limit below the exposure is allowed.
CREATE TABLE credit_accounts (
  partner_id text PRIMARY KEY,
  partition int NOT NULL,
  currency_code text NOT NULL,
  limit_minor bigint NOT NULL CONSTRAINT credit_limit_not_negative CHECK (limit_minor >= 0),
  exposure_minor bigint NOT NULL CONSTRAINT credit_exposure_not_negative CHECK (exposure_minor >= 0),
  version int NOT NULL
) WITH (fillfactor = 40);

CREATE TABLE ledger_accounts (
  account text NOT NULL,
  currency_code text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('receivable', 'card_clearing', 'sales')),
  partner_id text,
  PRIMARY KEY (account, currency_code)
);

-- Double entry, one row an entry: what is debited is credited, so that no entry can be out of balance.
CREATE TABLE ledger_entries (
  entry_id uuid PRIMARY KEY,
  order_id uuid NOT NULL,
  shipment_id uuid NOT NULL,
  debit_account text NOT NULL,
  credit_account text NOT NULL,
  currency_code text NOT NULL,
  amount_minor bigint NOT NULL CONSTRAINT ledger_amount_positive CHECK (amount_minor > 0),
  posted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT ledger_entry_moves CHECK (debit_account <> credit_account)
);

-- The entries as lines: debits positive, credits negative.
CREATE VIEW ledger_lines AS
  SELECT entry_id, order_id, shipment_id, debit_account AS account, currency_code, amount_minor, posted_at FROM ledger_entries
  UNION ALL
  SELECT entry_id, order_id, shipment_id, credit_account, currency_code, -amount_minor, posted_at FROM ledger_entries;

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger entries are never changed: post a reversing entry';
END $$;
CREATE TRIGGER ledger_entries_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- What is to be asked of the provider. A claim is held until next_try_at, or until another process has the worker lease.
CREATE TABLE payment_calls (
  order_id uuid NOT NULL REFERENCES payments,
  operation text NOT NULL CHECK (operation IN ('authorise', 'capture', 'void')),
  instance text NOT NULL,
  state text NOT NULL CONSTRAINT payment_calls_state_known CHECK (state IN ('due', 'unknown', 'done', 'refused')),
  provider_key text NOT NULL CONSTRAINT payment_calls_key_once UNIQUE,
  attempts int NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  claimed_epoch bigint,
  cause_id text,
  traceparent text,
  PRIMARY KEY (order_id, operation, instance)
) WITH (fillfactor = 60);
CREATE INDEX payment_calls_open ON payment_calls (next_try_at) WHERE state IN ('due', 'unknown');

-- Every try of a call, written as unknown when it is claimed, so that a killed process leaves the truth behind.
CREATE TABLE payment_attempts (
  order_id uuid NOT NULL,
  operation text NOT NULL,
  instance text NOT NULL,
  attempt int NOT NULL,
  provider_key text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('unknown', 'succeeded', 'declined', 'failed')),
  reason text,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (order_id, operation, instance, attempt)
);

-- Raises unless the worker lease has this epoch, and keeps it so until commit.
CREATE FUNCTION payments_fence(_epoch bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM leases WHERE name = 'worker' AND epoch = _epoch FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the worker lease has another epoch than %', _epoch USING ERRCODE = 'CD001';
  END IF;
END $$;

-- Moves exposures by deltas. _peak is the highest the running sum came to when credit was reserved, null when nothing was:
-- every reservation of the batch must fit the limit that stands now. Other movements are never refused.
CREATE FUNCTION credit_move(
  _partner_id text[], _partition int[], _currency_code text[], _delta bigint[], _peak bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  moved int;
BEGIN
  IF cardinality(_partner_id) = 0 THEN RETURN; END IF;
  INSERT INTO credit_accounts (partner_id, partition, currency_code, limit_minor, exposure_minor, version)
  SELECT u.id, u.p, u.c, 0, 0, 0 FROM unnest(_partner_id, _partition, _currency_code) AS u (id, p, c)
  WHERE NOT EXISTS (SELECT 1 FROM credit_accounts a WHERE a.partner_id = u.id) ORDER BY u.id
  ON CONFLICT DO NOTHING;
  PERFORM 1 FROM credit_accounts WHERE partner_id = ANY (_partner_id) ORDER BY partner_id FOR NO KEY UPDATE;
  UPDATE credit_accounts a SET exposure_minor = a.exposure_minor + u.d
  FROM unnest(_partner_id, _delta, _peak) AS u (id, d, k)
  WHERE a.partner_id = u.id AND (u.k IS NULL OR a.exposure_minor + u.k <= a.limit_minor);
  GET DIAGNOSTICS moved = ROW_COUNT;
  PERFORM log_guard(moved, cardinality(_partner_id), 'credit');
END $$;

CREATE FUNCTION ledger_post(
  _entry_id uuid[], _order_id uuid[], _shipment_id uuid[], _debit text[], _debit_kind text[], _partner_id text[],
  _credit text[], _currency_code text[], _amount bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(_entry_id) = 0 THEN RETURN; END IF;
  INSERT INTO ledger_accounts (account, currency_code, kind, partner_id)
  SELECT DISTINCT a.account, a.currency, a.kind, a.partner FROM (
    SELECT u.d, u.c, u.k, u.p FROM unnest(_debit, _currency_code, _debit_kind, _partner_id) AS u (d, c, k, p)
    UNION ALL SELECT u.s, u.c, 'sales', NULL FROM unnest(_credit, _currency_code) AS u (s, c)
  ) AS a (account, currency, kind, partner)
  WHERE NOT EXISTS (SELECT 1 FROM ledger_accounts l WHERE l.account = a.account AND l.currency_code = a.currency)
  ORDER BY 1, 2
  ON CONFLICT DO NOTHING;
  INSERT INTO ledger_entries (entry_id, order_id, shipment_id, debit_account, credit_account, currency_code, amount_minor)
  SELECT * FROM unnest(_entry_id, _order_id, _shipment_id, _debit, _credit, _currency_code, _amount);
END $$;

-- Ends or postpones claimed calls. `state` null keeps the claim. A claim that is no longer held raises.
-- [{"orderId","operation","instance","attempt","state","outcome","reason","delayMs"}]
CREATE FUNCTION payments_settle_calls(_epoch bigint, _calls jsonb) RETURNS void LANGUAGE plpgsql AS $$
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
    claimed_epoch = CASE WHEN u.state IS NULL THEN c.claimed_epoch END
  FROM jsonb_to_recordset(_calls) AS u ("orderId" uuid, operation text, instance text, attempt int, state text, "delayMs" int)
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

-- The one write of this subgraph's facts: what was heard (_inbox) or what a provider answered (_epoch, _settled), with all
-- that follows. Rows are written at the versions they were decided on; all or nothing.
CREATE FUNCTION payments_write(
  _inbox jsonb, _epoch bigint, _settled jsonb, _partners jsonb, _calls jsonb,
  _order_id uuid[], _expected int[], _partner_id text[], _partition int[], _stream_version int[], _closed int[], _method text[],
  _currency_code text[], _total bigint[], _reserved bigint[], _stage text[], _status text[], _unknown int[], _decline_reason text[],
  _authorised bigint[], _captured bigint[], _refunded bigint[], _authorisation_epoch int[], _provider_id text[], _sealed text[],
  _shipments text[],
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
      authorisation_epoch, provider_authorisation_id, sealed_card_token, shipments)
    SELECT u.id, u.pa, u.p, 1, u.sv, u.cl = 1, u.m, u.c, u.t, u.r, u.sg, u.st, u.un = 1, u.dr, u.au, u.ca, u.re, u.ae, u.pi, u.se,
           u.sh::jsonb
    FROM unnest(_order_id, _expected, _partner_id, _partition, _stream_version, _closed, _method, _currency_code, _total, _reserved,
      _stage, _status, _unknown, _decline_reason, _authorised, _captured, _refunded, _authorisation_epoch, _provider_id, _sealed,
      _shipments) AS u (id, ex, pa, p, sv, cl, m, c, t, r, sg, st, un, dr, au, ca, re, ae, pi, se, sh)
    WHERE u.ex = 0 ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS inserted = ROW_COUNT;
  END IF;
  IF inserted < cardinality(_order_id) THEN
    PERFORM 1 FROM payments WHERE order_id = ANY (_order_id) ORDER BY order_id FOR NO KEY UPDATE;
    UPDATE payments p SET version = p.version + 1, stream_version = u.sv, closed = u.cl = 1, method = u.m, currency_code = u.c,
      total_minor = u.t, reserved_minor = u.r, stage = u.sg, status = u.st, outcome_unknown = u.un = 1, decline_reason = u.dr,
      authorised_minor = u.au, captured_minor = u.ca, refunded_minor = u.re, authorisation_epoch = u.ae,
      provider_authorisation_id = u.pi, sealed_card_token = u.se, shipments = u.sh::jsonb
    FROM unnest(_order_id, _expected, _stream_version, _closed, _method, _currency_code, _total, _reserved, _stage, _status, _unknown,
      _decline_reason, _authorised, _captured, _refunded, _authorisation_epoch, _provider_id, _sealed, _shipments)
      AS u (id, ex, sv, cl, m, c, t, r, sg, st, un, dr, au, ca, re, ae, pi, se, sh)
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

-- Frees the calls that an earlier holder of the worker lease had claimed: what it does with them still is fenced off.
CREATE FUNCTION calls_take_over(_epoch bigint) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  freed int;
BEGIN
  PERFORM payments_fence(_epoch);
  UPDATE payment_calls SET claimed_epoch = NULL, next_try_at = clock_timestamp()
  WHERE state IN ('due', 'unknown') AND claimed_epoch < _epoch;
  GET DIAGNOSTICS freed = ROW_COUNT;
  RETURN freed;
END $$;

-- Claims due calls for _claim_ms and notes a try of each.
CREATE FUNCTION calls_claim(_epoch bigint, _limit int, _claim_ms int)
RETURNS TABLE (order_id uuid, operation text, instance text, state text, provider_key text, attempt int, cause_id text, traceparent text)
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
    SET attempts = c.attempts + 1, claimed_epoch = _epoch, next_try_at = clock_timestamp() + _claim_ms * interval '1 millisecond'
    FROM due WHERE c.order_id = due.order_id AND c.operation = due.operation AND c.instance = due.instance
    RETURNING c.*
  LOOP
    INSERT INTO payment_attempts (order_id, operation, instance, attempt, provider_key, outcome)
    VALUES (call.order_id, call.operation, call.instance, call.attempts, call.provider_key, 'unknown');
    RETURN QUERY SELECT call.order_id, call.operation, call.instance, call.state, call.provider_key, call.attempts, call.cause_id,
                        call.traceparent;
  END LOOP;
END $$;

-- Sets credit limits, each at the version it was decided on; answers what stands under the key.
CREATE FUNCTION credit_set_limits(
  _scope text, _key text, _fingerprint text, _result text,
  _partner_id text[], _expected int[], _partition int[], _currency_code text[], _limit bigint[],
  _event_id uuid[], _data text[], _metadata text[]
) RETURNS TABLE (verdict text, result text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  checked record;
  written int;
  versions int[];
BEGIN
  SELECT k.verdict, k.result INTO checked FROM log_check_keys(ARRAY[_scope], 'setCreditLimits', ARRAY[_key], ARRAY[_fingerprint]) k;
  IF checked.verdict <> 'NEW' THEN
    RETURN QUERY SELECT checked.verdict, checked.result;
    RETURN;
  END IF;
  PERFORM log_store_keys(ARRAY[_scope], 'setCreditLimits', ARRAY[_key], ARRAY[_fingerprint], ARRAY[_result]);
  PERFORM 1 FROM credit_accounts WHERE partner_id = ANY (_partner_id) ORDER BY partner_id FOR NO KEY UPDATE;
  INSERT INTO credit_accounts AS a (partner_id, partition, currency_code, limit_minor, exposure_minor, version)
  SELECT u.id, u.p, u.c, u.l, 0, u.v + 1
  FROM unnest(_partner_id, _partition, _currency_code, _limit, _expected) AS u (id, p, c, l, v) ORDER BY u.id
  ON CONFLICT (partner_id) DO UPDATE
    SET limit_minor = excluded.limit_minor, currency_code = excluded.currency_code, version = excluded.version
    WHERE a.version = excluded.version - 1;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_partner_id), 'credit account version');
  SELECT coalesce(array_agg(v + 1 ORDER BY o), '{}') INTO versions FROM unnest(_expected) WITH ORDINALITY AS u (v, o);
  PERFORM log_append(_partition, array_fill('credit'::text, ARRAY[cardinality(_partition)]), _partner_id, versions, _event_id,
                     array_fill('CreditLimitSet'::text, ARRAY[cardinality(_partition)]),
                     array_fill(1, ARRAY[cardinality(_partition)]), _data, _metadata);
  RETURN QUERY SELECT 'NEW'::text, _result;
END $$;
