-- Breaks are locked by kind and subject everywhere, those of orders that were passed over among the others: a page of a run, its end,
-- and a look after a webhook met in the same rows in another order, and the database ended one of them for a deadlock.

-- Writes differences down: an open one is seen again, one that was settled without a person ends an open one. What a person closed
-- stays closed while amounts and currencies are the same. Of one difference on several rows the first counts. `seenOnly`: what is open
-- under this kind and subject was not looked at, and stays as it is.
-- [{"id","kind","subject","orderId","provider","expectedMinor","expectedCurrency","foundMinor","foundCurrency","detail","owner",
--   "healedBy","note"} or {"kind","subject","seenOnly"}]
CREATE OR REPLACE FUNCTION breaks_record(_epoch bigint, _run uuid, _breaks jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  b record;
BEGIN
  PERFORM payments_fence(_epoch);
  FOR b IN
    SELECT DISTINCT ON (u.kind, u.subject) u.* FROM jsonb_to_recordset(_breaks) AS u (
      id uuid, kind text, subject text, "orderId" uuid, provider text, "expectedMinor" bigint, "expectedCurrency" text,
      "foundMinor" bigint, "foundCurrency" text, detail text, owner text, "healedBy" text, note text, "seenOnly" boolean)
    ORDER BY u.kind, u.subject, u."seenOnly" NULLS FIRST
  LOOP
    IF b."seenOnly" THEN
      UPDATE payment_breaks SET seen_at = clock_timestamp() WHERE kind = b.kind AND subject = b.subject AND state = 'OPEN';
      CONTINUE;
    END IF;
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

-- Commits a page of a run: where it goes on, what was compared and found. Differences of _passed_over orders, which could not be
-- looked at in full, count as seen.
-- _page: {"stage","provider","cursor","lastOrder","payments","authorisations","reported"}
CREATE OR REPLACE FUNCTION reconciliation_advance(
  _epoch bigint, _id uuid, _page jsonb, _orders uuid[], _passed_over uuid[], _breaks jsonb)
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
  PERFORM breaks_record(_epoch, _id, _breaks || coalesce(
    (SELECT jsonb_agg(jsonb_build_object('kind', kind, 'subject', subject, 'seenOnly', true)) FROM payment_breaks
     WHERE state = 'OPEN' AND order_id = ANY (_passed_over)), '[]'));
  UPDATE payment_reconciliations r SET breaks_found = b.found, breaks_healed = b.healed
  FROM (SELECT count(*) AS found, count(*) FILTER (WHERE state = 'HEALED') AS healed FROM payment_breaks WHERE run_id = _id) b
  WHERE r.id = _id;
END $$;

-- Ends a run: what was open before and was not seen is healed. What a provider holds or took that no record of ours names would not
-- have been seen anywhere but in that provider's report.
CREATE OR REPLACE FUNCTION reconciliation_finish(_epoch bigint, _id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_fence(_epoch);
  PERFORM 1 FROM payment_reconciliations WHERE id = _id AND finished_at IS NULL FOR NO KEY UPDATE;
  PERFORM 1 FROM payment_breaks WHERE state = 'OPEN' ORDER BY kind, subject FOR NO KEY UPDATE;
  UPDATE payment_breaks b SET state = 'HEALED', settled_at = clock_timestamp(), settled_by = 'reconciliation',
    note = 'A later comparison no longer found it.'
  FROM payment_reconciliations r
  WHERE r.id = _id AND r.finished_at IS NULL AND b.state = 'OPEN' AND b.seen_at < r.started_at
    AND (b.provider IS NULL OR b.provider = ANY (r.reported));
  UPDATE payment_reconciliations SET finished_at = clock_timestamp(), error = NULL WHERE id = _id AND finished_at IS NULL;
END $$;
