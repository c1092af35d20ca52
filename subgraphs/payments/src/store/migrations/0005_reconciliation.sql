-- Three sides of the same money, compared: what was shipped, the ledger, and what providers show. And the inbox of their webhooks.
-- Lock order of every function: as in 0003_life, then reconciliations, then breaks by kind and subject, then webhook events by key.

-- What providers told us, each event once. It is only a hint: whoever looks at it reads the provider. `deliveries` counts how often
-- it came, and makes every acknowledgement a write of its own.
CREATE TABLE webhook_events (
  provider text NOT NULL,
  event_id text NOT NULL,
  type text NOT NULL,
  authorisation_id text,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  state text NOT NULL DEFAULT 'new' CONSTRAINT webhook_events_state_known CHECK (state IN ('new', 'done', 'failed')),
  deliveries int NOT NULL DEFAULT 1,
  attempts int NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  reason text,
  CONSTRAINT webhook_events_once PRIMARY KEY (provider, event_id)
) WITH (fillfactor = 80);
CREATE INDEX webhook_events_waiting ON webhook_events (next_try_at) WHERE state = 'new';
CREATE INDEX webhook_events_settled ON webhook_events (received_at) WHERE state <> 'new';

-- One run of the comparison. PROVIDER: page by page through `provider`'s report, from behind `cursor`. PAYMENTS: our own payments
-- from behind `last_order`. `reported` are the providers whose report was read to its end. What is done of it is committed with each
-- page, so that another holder of the lease goes on.
CREATE TABLE payment_reconciliations (
  id uuid PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  stage text NOT NULL DEFAULT 'PROVIDER' CONSTRAINT payment_reconciliations_stage_known CHECK (stage IN ('PROVIDER', 'PAYMENTS')),
  provider text,
  cursor text,
  last_order uuid,
  reported text[] NOT NULL DEFAULT '{}',
  payments int NOT NULL DEFAULT 0,
  authorisations int NOT NULL DEFAULT 0,
  breaks_found int NOT NULL DEFAULT 0,
  breaks_healed int NOT NULL DEFAULT 0,
  tries int NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  error text
);
CREATE UNIQUE INDEX payment_reconciliations_one_at_a_time ON payment_reconciliations ((true)) WHERE finished_at IS NULL;
CREATE INDEX payment_reconciliations_newest ON payment_reconciliations (started_at);

-- The run that compared an order last: what it saw in a provider's report it need not read again.
CREATE TABLE reconciled_orders (
  order_id uuid PRIMARY KEY,
  run_id uuid NOT NULL
) WITH (fillfactor = 80);

-- Differences, each with an owner while it is OPEN. `provider` holds or took what no record of ours names.
CREATE TABLE payment_breaks (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  state text NOT NULL CONSTRAINT payment_breaks_state_known CHECK (state IN ('OPEN', 'HEALED', 'CLOSED')),
  order_id uuid,
  subject text NOT NULL,
  provider text,
  expected_minor bigint,
  expected_currency text,
  found_minor bigint,
  found_currency text,
  detail text NOT NULL,
  owner text NOT NULL,
  found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  run_id uuid,
  settled_at timestamptz,
  settled_by text,
  note text,
  CONSTRAINT payment_break_settled_by_somebody CHECK ((state = 'OPEN') = (settled_at IS NULL) AND (state = 'OPEN') = (settled_by IS NULL))
);
CREATE UNIQUE INDEX payment_breaks_open_once ON payment_breaks (kind, subject) WHERE state = 'OPEN';
CREATE INDEX payment_breaks_open_of_order ON payment_breaks (order_id) WHERE state = 'OPEN';
CREATE INDEX payment_breaks_of_run ON payment_breaks (run_id);
CREATE INDEX payment_breaks_closed ON payment_breaks (kind, subject) WHERE state = 'CLOSED';

-- Ends or postpones webhook events that were looked at.
-- [{"provider","eventId","state","reason","delayMs"}]
CREATE FUNCTION webhooks_settle(_epoch bigint, _events jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_fence(_epoch);
  PERFORM 1 FROM webhook_events e
  JOIN jsonb_to_recordset(_events) AS u (provider text, "eventId" text) ON e.provider = u.provider AND e.event_id = u."eventId"
  ORDER BY e.provider, e.event_id FOR NO KEY UPDATE OF e;
  UPDATE webhook_events e SET state = u.state, reason = u.reason, attempts = e.attempts + 1,
    next_try_at = clock_timestamp() + u."delayMs" * interval '1 millisecond'
  FROM jsonb_to_recordset(_events) AS u (provider text, "eventId" text, state text, reason text, "delayMs" int)
  WHERE e.provider = u.provider AND e.event_id = u."eventId" AND e.state = 'new';
END $$;

-- Deletes settled webhook events older than _days, at most _limit; answers how many.
CREATE FUNCTION webhooks_forget(_epoch bigint, _days int, _limit int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  forgotten int;
BEGIN
  PERFORM payments_fence(_epoch);
  DELETE FROM webhook_events e USING (
    SELECT provider, event_id FROM webhook_events
    WHERE state <> 'new' AND received_at < clock_timestamp() - _days * interval '1 day'
    ORDER BY received_at LIMIT _limit FOR UPDATE SKIP LOCKED
  ) o WHERE e.provider = o.provider AND e.event_id = o.event_id;
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$;

-- Writes differences down: an open one is seen again, one that was settled without a person ends an open one. What a person closed
-- stays closed while amounts and currencies are the same. Of one difference on several rows the first counts.
-- [{"id","kind","subject","orderId","provider","expectedMinor","expectedCurrency","foundMinor","foundCurrency","detail","owner",
--   "healedBy","note"}]
CREATE FUNCTION breaks_record(_epoch bigint, _run uuid, _breaks jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  b record;
BEGIN
  PERFORM payments_fence(_epoch);
  FOR b IN
    SELECT DISTINCT ON (u.kind, u.subject) u.* FROM jsonb_to_recordset(_breaks) AS u (
      id uuid, kind text, subject text, "orderId" uuid, provider text, "expectedMinor" bigint, "expectedCurrency" text,
      "foundMinor" bigint, "foundCurrency" text, detail text, owner text, "healedBy" text, note text) ORDER BY u.kind, u.subject
  LOOP
    IF EXISTS (
      SELECT 1 FROM payment_breaks c WHERE c.state = 'CLOSED' AND c.kind = b.kind AND c.subject = b.subject
        AND (c.expected_minor, c.found_minor) IS NOT DISTINCT FROM (b."expectedMinor", b."foundMinor")
        AND (c.expected_currency, c.found_currency) IS NOT DISTINCT FROM (b."expectedCurrency", b."foundCurrency")
    ) THEN CONTINUE; END IF;
    UPDATE payment_breaks SET seen_at = clock_timestamp(), run_id = coalesce(_run, run_id), detail = b.detail,
      provider = b.provider,
      expected_minor = b."expectedMinor", expected_currency = b."expectedCurrency",
      found_minor = b."foundMinor", found_currency = b."foundCurrency",
      state = CASE WHEN b."healedBy" IS NULL THEN 'OPEN' ELSE 'HEALED' END,
      settled_at = CASE WHEN b."healedBy" IS NOT NULL THEN clock_timestamp() END, settled_by = b."healedBy", note = b.note
    WHERE kind = b.kind AND subject = b.subject AND state = 'OPEN';
    IF FOUND THEN CONTINUE; END IF;
    INSERT INTO payment_breaks (id, kind, state, order_id, subject, provider, expected_minor, expected_currency, found_minor,
      found_currency, detail, owner, run_id, settled_at, settled_by, note)
    VALUES (b.id, b.kind, CASE WHEN b."healedBy" IS NULL THEN 'OPEN' ELSE 'HEALED' END, b."orderId", b.subject, b.provider,
      b."expectedMinor", b."expectedCurrency", b."foundMinor", b."foundCurrency", b.detail, b.owner, _run,
      CASE WHEN b."healedBy" IS NOT NULL THEN clock_timestamp() END, b."healedBy", b.note)
    ON CONFLICT (kind, subject) WHERE state = 'OPEN' DO NOTHING;
  END LOOP;
END $$;

-- An order was looked at without a run, from _look_ms ago on: what was open of it before and was not found any more is healed. Only
-- what the look could have found counts: differences of _kinds, and those about one of _subjects.
-- _found: [{"kind","subject"}]
CREATE FUNCTION breaks_settle_unfound(_epoch bigint, _order_id uuid, _look_ms int, _kinds text[], _subjects text[], _found jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Most orders have none, and pay for no lock.
  IF NOT EXISTS (SELECT 1 FROM payment_breaks WHERE state = 'OPEN' AND order_id = _order_id) THEN RETURN; END IF;
  PERFORM payments_fence(_epoch);
  PERFORM 1 FROM payment_breaks WHERE state = 'OPEN' AND order_id = _order_id ORDER BY kind, subject FOR NO KEY UPDATE;
  UPDATE payment_breaks b SET state = 'HEALED', settled_at = clock_timestamp(), settled_by = 'reconciliation',
    note = 'A later comparison no longer found it.'
  WHERE b.state = 'OPEN' AND b.order_id = _order_id AND b.seen_at < clock_timestamp() - _look_ms * interval '1 millisecond'
    AND (b.kind = ANY (_kinds) OR b.subject = ANY (_subjects))
    AND NOT EXISTS (
      SELECT 1 FROM jsonb_to_recordset(_found) AS f (kind text, subject text) WHERE f.kind = b.kind AND f.subject = b.subject);
END $$;

-- Begins a run for the worker itself, unless one goes on or one began within _every_s seconds.
CREATE FUNCTION reconciliation_begin_when_due(_epoch bigint, _id uuid, _every_s int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_fence(_epoch);
  INSERT INTO payment_reconciliations (id)
  SELECT _id WHERE NOT EXISTS (
    SELECT 1 FROM payment_reconciliations
    WHERE finished_at IS NULL OR started_at > clock_timestamp() - _every_s * interval '1 second')
  ON CONFLICT DO NOTHING;
END $$;

-- Asks for a run once for each idempotency key; while one goes on, that one is answered.
CREATE FUNCTION reconciliation_ask(_key jsonb, _id uuid) RETURNS TABLE (verdict text, result text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  checked record;
  going uuid;
BEGIN
  SELECT k.verdict, k.result INTO checked FROM log_check_keys(
    ARRAY[_key ->> 'scope'], _key ->> 'operation', ARRAY[_key ->> 'key'], ARRAY[_key ->> 'fingerprint']) k;
  IF checked.verdict <> 'NEW' THEN
    RETURN QUERY SELECT checked.verdict, checked.result;
    RETURN;
  END IF;
  INSERT INTO payment_reconciliations (id) VALUES (_id) ON CONFLICT DO NOTHING;
  SELECT r.id INTO going FROM payment_reconciliations r WHERE r.id = _id OR r.finished_at IS NULL LIMIT 1;
  -- The run that was in the way ended in between: ask again.
  IF going IS NULL THEN
    RETURN QUERY SELECT 'IN_FLIGHT'::text, NULL::text;
    RETURN;
  END IF;
  PERFORM log_store_keys(ARRAY[_key ->> 'scope'], _key ->> 'operation', ARRAY[_key ->> 'key'], ARRAY[_key ->> 'fingerprint'],
                         ARRAY[going::text]);
  RETURN QUERY SELECT 'NEW'::text, going::text;
END $$;

-- Commits a page of a run: where it goes on, what was compared and found. Differences of _passed_over orders, which moved while they
-- were looked at or have a provider that cannot be asked, count as seen.
-- _page: {"stage","provider","cursor","lastOrder","payments","authorisations","reported"}
CREATE FUNCTION reconciliation_advance(_epoch bigint, _id uuid, _page jsonb, _orders uuid[], _passed_over uuid[], _breaks jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_fence(_epoch);
  UPDATE payment_reconciliations SET stage = _page ->> 'stage', provider = _page ->> 'provider', cursor = _page ->> 'cursor',
    last_order = (_page ->> 'lastOrder')::uuid, payments = payments + (_page ->> 'payments')::int,
    authorisations = authorisations + (_page ->> 'authorisations')::int,
    reported = CASE WHEN _page ->> 'reported' IS NULL THEN reported ELSE reported || (_page ->> 'reported') END,
    tries = 0, next_try_at = clock_timestamp(), error = NULL
  WHERE id = _id AND finished_at IS NULL;
  PERFORM log_guard(CASE WHEN FOUND THEN 1 ELSE 0 END, 1, 'reconciliation');
  INSERT INTO reconciled_orders SELECT DISTINCT u.id, _id FROM unnest(_orders) AS u (id) ORDER BY 1
  ON CONFLICT (order_id) DO UPDATE SET run_id = excluded.run_id;
  PERFORM breaks_record(_epoch, _id, _breaks);
  UPDATE payment_breaks SET seen_at = clock_timestamp() WHERE state = 'OPEN' AND order_id = ANY (_passed_over);
  UPDATE payment_reconciliations r SET breaks_found = b.found, breaks_healed = b.healed
  FROM (SELECT count(*) AS found, count(*) FILTER (WHERE state = 'HEALED') AS healed FROM payment_breaks WHERE run_id = _id) b
  WHERE r.id = _id;
END $$;

-- Tries the page again later; a run that has waited _tries_max times ends there, and then nothing counts as healed.
CREATE FUNCTION reconciliation_postpone(_epoch bigint, _id uuid, _reason text, _delay_ms int, _tries_max int) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_fence(_epoch);
  UPDATE payment_reconciliations SET tries = tries + 1, error = _reason,
    next_try_at = clock_timestamp() + least(tries + 1, 12) * _delay_ms * interval '1 millisecond',
    finished_at = CASE WHEN tries + 1 >= _tries_max THEN clock_timestamp() END
  WHERE id = _id AND finished_at IS NULL;
END $$;

-- Ends a run: what was open before and was not seen is healed. What a provider holds or took that no record of ours names would not
-- have been seen anywhere but in that provider's report.
CREATE FUNCTION reconciliation_finish(_epoch bigint, _id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_fence(_epoch);
  UPDATE payment_breaks b SET state = 'HEALED', settled_at = clock_timestamp(), settled_by = 'reconciliation',
    note = 'A later comparison no longer found it.'
  FROM payment_reconciliations r
  WHERE r.id = _id AND r.finished_at IS NULL AND b.state = 'OPEN' AND b.seen_at < r.started_at
    AND (b.provider IS NULL OR b.provider = ANY (r.reported));
  UPDATE payment_reconciliations SET finished_at = clock_timestamp(), error = NULL WHERE id = _id AND finished_at IS NULL;
END $$;

-- Closes an open difference for a person, once for each idempotency key. Verdicts beside those on the key: UNKNOWN, SETTLED.
CREATE FUNCTION payment_break_close(_key jsonb, _id uuid, _actor text, _note text) RETURNS TABLE (verdict text, result text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  checked record;
BEGIN
  SELECT k.verdict, k.result INTO checked FROM log_check_keys(
    ARRAY[_key ->> 'scope'], _key ->> 'operation', ARRAY[_key ->> 'key'], ARRAY[_key ->> 'fingerprint']) k;
  IF checked.verdict <> 'NEW' THEN
    RETURN QUERY SELECT checked.verdict, checked.result;
    RETURN;
  END IF;
  UPDATE payment_breaks SET state = 'CLOSED', settled_at = clock_timestamp(), settled_by = _actor, note = _note
  WHERE id = _id AND state = 'OPEN';
  IF NOT FOUND THEN
    RETURN QUERY SELECT CASE WHEN EXISTS (SELECT 1 FROM payment_breaks b WHERE b.id = _id) THEN 'SETTLED' ELSE 'UNKNOWN' END, NULL::text;
    RETURN;
  END IF;
  PERFORM log_store_keys(ARRAY[_key ->> 'scope'], _key ->> 'operation', ARRAY[_key ->> 'key'], ARRAY[_key ->> 'fingerprint'],
                         ARRAY[_id::text]);
  RETURN QUERY SELECT 'NEW'::text, _id::text;
END $$;
