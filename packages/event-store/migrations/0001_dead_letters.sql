-- What is done about dead letters. A person (or the watchdog) asks; only the worker that holds the lease carries it out, between
-- two of its batches, so that nothing races with what it knows of parked keys. Every step is written down.

-- `ordinal` is the order of parking: one worker parks at a time, so it is also the order in which a key's events came, whatever
-- the clock did meanwhile. `request` is what is asked and not yet done; who asked last, when and why stays beside it.
ALTER TABLE dead_letters
  ADD COLUMN ordinal bigint GENERATED ALWAYS AS IDENTITY,
  ADD COLUMN fingerprint text NOT NULL DEFAULT 'unclassified',
  ADD COLUMN request text CHECK (request IN ('REPLAY', 'DRAIN', 'DISCARD')),
  ADD COLUMN requested_at timestamptz,
  ADD COLUMN requested_by text,
  ADD COLUMN request_reason text,
  ADD COLUMN settled_at timestamptz,
  ADD COLUMN settled_by text;
UPDATE dead_letters SET fingerprint = 'waits-behind' WHERE attempts = 0;
CREATE UNIQUE INDEX dead_letters_in_order ON dead_letters (consumer, ordinal);
CREATE INDEX dead_letters_requested ON dead_letters (consumer, ordinal) WHERE request IS NOT NULL;
CREATE INDEX dead_letters_parked_of_key ON dead_letters (consumer, key, ordinal) WHERE status = 'parked';
CREATE INDEX dead_letters_parked_of_group ON dead_letters (consumer, fingerprint, ordinal) WHERE status = 'parked';

-- The audit: what happened to a letter, who wanted it and why.
CREATE TABLE dead_letter_actions (
  ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consumer text NOT NULL,
  source text NOT NULL,
  partition int NOT NULL,
  position bigint NOT NULL,
  action text NOT NULL CONSTRAINT dead_letter_actions_known CHECK (action IN
    ('PARKED', 'REPLAY_REQUESTED', 'REPLAYED', 'REPLAY_FAILED', 'REPLAY_STOPPED', 'DISCARD_REQUESTED', 'DISCARDED')),
  actor text NOT NULL,
  reason text,
  error text,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (consumer, source, partition, position) REFERENCES dead_letters
);
CREATE INDEX dead_letter_actions_of_letter ON dead_letter_actions (consumer, source, partition, position, ordinal);
INSERT INTO dead_letter_actions (consumer, source, partition, position, action, actor, error, at)
SELECT consumer, source, partition, position, 'PARKED', 'worker', error, parked_at FROM dead_letters ORDER BY ordinal;

CREATE FUNCTION dead_letter_actions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit of dead letters is never changed';
END $$;
CREATE TRIGGER dead_letter_actions_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON dead_letter_actions
  FOR EACH STATEMENT EXECUTE FUNCTION dead_letter_actions_refuse_change();

-- A dry run decides for real and writes a row here; the deferred trigger refuses the commit, and so all of the call.
CREATE TABLE dry_runs (begun_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE FUNCTION dry_runs_refuse_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a dry run that would have succeeded' USING ERRCODE = 'CD003';
END $$;
CREATE CONSTRAINT TRIGGER dry_runs_never_commit AFTER INSERT ON dry_runs
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dry_runs_refuse_commit();

-- Raises unless the partitions the letters came from are still under this epoch, and keeps them so until commit. A consumer's
-- call that moves no offset has no other fence.
CREATE FUNCTION letters_fence(_consumer text, _epoch bigint, _letters jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM offsets o
  WHERE o.consumer = _consumer AND EXISTS (
    SELECT 1 FROM jsonb_to_recordset(_letters) AS u (source text, partition int)
    WHERE u.source = o.source AND u.partition = o.partition)
  ORDER BY o.source, o.partition FOR NO KEY UPDATE OF o;
  IF EXISTS (
    SELECT 1 FROM jsonb_to_recordset(_letters) AS u (source text, partition int)
    WHERE NOT EXISTS (
      SELECT 1 FROM offsets o
      WHERE o.consumer = _consumer AND o.source = u.source AND o.partition = u.partition AND o.epoch = _epoch)
  ) THEN
    RAISE EXCEPTION 'the lease of % was lost', _consumer USING ERRCODE = 'CD001';
  END IF;
END $$;

-- Parks letters in the given order. What merely waits behind a letter whose key is being drained is drained with it.
CREATE FUNCTION letters_park(_consumer text, _letters jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO dead_letters (consumer, source, partition, position, key, event, error, fingerprint, attempts, code_version, trace)
  SELECT _consumer, u.source, u.partition, u.position, u.key, u.event, u.error, coalesce(u.fingerprint, 'unclassified'), u.attempts,
         u."codeVersion", u.trace
  FROM ROWS FROM (jsonb_to_recordset(_letters) AS (source text, partition int, position bigint, key text, event jsonb, error text,
       fingerprint text, attempts int, "codeVersion" text, trace text)) WITH ORDINALITY
       AS u (source, partition, position, key, event, error, fingerprint, attempts, "codeVersion", trace, o)
  ORDER BY u.o;
  INSERT INTO dead_letter_actions (consumer, source, partition, position, action, actor, error)
  SELECT _consumer, u.source, u.partition, u.position, 'PARKED', 'worker', u.error
  FROM jsonb_to_recordset(_letters) AS u (source text, partition int, position bigint, error text);
  INSERT INTO parked_keys (consumer, key)
  SELECT DISTINCT _consumer, u.key FROM jsonb_to_recordset(_letters) AS u (key text) ORDER BY 2
  ON CONFLICT DO NOTHING;
  PERFORM letters_ask(_consumer, 'DRAIN', d.requested_by, d.request_reason, jsonb_agg(j.letter))
  FROM jsonb_array_elements(_letters) AS j (letter)
  JOIN LATERAL (SELECT x.requested_by, x.request_reason FROM dead_letters x
                WHERE x.consumer = _consumer AND x.key = j.letter ->> 'key' AND x.status = 'parked' AND x.request = 'DRAIN'
                ORDER BY x.ordinal LIMIT 1) d ON true
  WHERE j.letter ->> 'fingerprint' = 'waits-behind'
  GROUP BY d.requested_by, d.request_reason;
END $$;

-- Marks parked letters that nobody asked about yet, and writes down who did.
CREATE FUNCTION letters_ask(_consumer text, _request text, _actor text, _reason text, _letters jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM dead_letters d
  JOIN jsonb_to_recordset(_letters) AS u (source text, partition int, position bigint)
    ON d.consumer = _consumer AND d.source = u.source AND d.partition = u.partition AND d.position = u.position
  ORDER BY d.ordinal FOR NO KEY UPDATE OF d;
  WITH asked AS (
    UPDATE dead_letters d
    SET request = _request, requested_at = clock_timestamp(), requested_by = _actor, request_reason = _reason
    FROM jsonb_to_recordset(_letters) AS u (source text, partition int, position bigint)
    WHERE d.consumer = _consumer AND d.source = u.source AND d.partition = u.partition AND d.position = u.position
      AND d.status = 'parked' AND d.request IS NULL
    RETURNING d.ordinal, d.source, d.partition, d.position
  )
  INSERT INTO dead_letter_actions (consumer, source, partition, position, action, actor, reason)
  SELECT _consumer, a.source, a.partition, a.position,
         CASE WHEN _request = 'DISCARD' THEN 'DISCARD_REQUESTED' ELSE 'REPLAY_REQUESTED' END, _actor, _reason
  FROM asked a ORDER BY a.ordinal;
END $$;

-- Lets the keys of these letters go on when no letter of theirs is parked any more.
CREATE FUNCTION letters_unpark(_consumer text, _letters jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM parked_keys p
  WHERE p.consumer = _consumer
    AND p.key IN (
      SELECT d.key FROM dead_letters d
      JOIN jsonb_to_recordset(_letters) AS u (source text, partition int, position bigint)
        ON d.consumer = _consumer AND d.source = u.source AND d.partition = u.partition AND d.position = u.position)
    AND NOT EXISTS (
      SELECT 1 FROM dead_letters d WHERE d.consumer = _consumer AND d.key = p.key AND d.status = 'parked');
END $$;

-- Settles parked letters by compare-and-set; a letter that is settled already, or that nobody asked for (but in a dry run), raises.
CREATE FUNCTION letters_settle(_consumer text, _status text, _dry_run boolean, _letters jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  settled int;
BEGIN
  PERFORM 1 FROM dead_letters d
  JOIN jsonb_to_recordset(_letters) AS u (source text, partition int, position bigint)
    ON d.consumer = _consumer AND d.source = u.source AND d.partition = u.partition AND d.position = u.position
  ORDER BY d.ordinal FOR NO KEY UPDATE OF d;
  UPDATE dead_letters d
  SET status = _status, request = NULL, settled_at = clock_timestamp(), settled_by = coalesce(d.requested_by, 'dry run')
  FROM jsonb_to_recordset(_letters) AS u (source text, partition int, position bigint)
  WHERE d.consumer = _consumer AND d.source = u.source AND d.partition = u.partition AND d.position = u.position
    AND d.status = 'parked' AND (_dry_run OR (d.request = 'DISCARD') = (_status = 'discarded'));
  GET DIAGNOSTICS settled = ROW_COUNT;
  PERFORM log_guard(settled, jsonb_array_length(_letters), 'dead letters');
  INSERT INTO dead_letter_actions (consumer, source, partition, position, action, actor, reason)
  SELECT _consumer, d.source, d.partition, d.position, upper(_status), d.settled_by, d.request_reason
  FROM dead_letters d
  JOIN jsonb_to_recordset(_letters) AS u (source text, partition int, position bigint)
    ON d.consumer = _consumer AND d.source = u.source AND d.partition = u.partition AND d.position = u.position
  ORDER BY d.ordinal;
  PERFORM letters_unpark(_consumer, _letters);
END $$;

-- Letters become replayed in the call that has their effect. Raises when one of the same key was parked before them and still is.
CREATE FUNCTION letters_replay(_consumer text, _epoch bigint, _dry_run boolean, _letters jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  overtaken text;
BEGIN
  IF NOT _dry_run THEN PERFORM letters_fence(_consumer, _epoch, _letters); END IF;
  PERFORM letters_settle(_consumer, 'replayed', _dry_run, _letters);
  SELECT r.key INTO overtaken FROM (
    SELECT d.key, max(d.ordinal) AS last FROM dead_letters d
    JOIN jsonb_to_recordset(_letters) AS u (source text, partition int, position bigint)
      ON d.consumer = _consumer AND d.source = u.source AND d.partition = u.partition AND d.position = u.position
    GROUP BY d.key) r
  WHERE EXISTS (
    SELECT 1 FROM dead_letters e
    WHERE e.consumer = _consumer AND e.key = r.key AND e.status = 'parked' AND e.ordinal < r.last);
  IF overtaken IS NOT NULL THEN
    RAISE EXCEPTION 'a dead letter of % stands before the one to be replayed', overtaken;
  END IF;
END $$;

-- Discards the letters, under the worker's epoch.
CREATE FUNCTION letters_discard(_consumer text, _epoch bigint, _letters jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM letters_fence(_consumer, _epoch, _letters);
  PERFORM letters_settle(_consumer, 'discarded', false, _letters);
END $$;

-- A letter was tried again and failed: it stays parked with the new error, and what was asked for its key ends here.
-- {"source","partition","position","key","error","fingerprint","codeVersion"}
CREATE FUNCTION letters_fail(_consumer text, _epoch bigint, _failure jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM letters_fence(_consumer, _epoch, jsonb_build_array(_failure));
  PERFORM 1 FROM dead_letters d
  WHERE d.consumer = _consumer AND d.key = _failure ->> 'key' AND d.status = 'parked' ORDER BY d.ordinal FOR NO KEY UPDATE;
  UPDATE dead_letters d SET attempts = d.attempts + 1, error = _failure ->> 'error', fingerprint = _failure ->> 'fingerprint',
    code_version = _failure ->> 'codeVersion'
  WHERE d.consumer = _consumer AND d.source = _failure ->> 'source' AND d.partition = (_failure ->> 'partition')::int
    AND d.position = (_failure ->> 'position')::bigint AND d.status = 'parked';
  WITH stopped AS (
    UPDATE dead_letters d SET request = NULL
    WHERE d.consumer = _consumer AND d.key = _failure ->> 'key' AND d.status = 'parked' AND d.request IN ('REPLAY', 'DRAIN')
    RETURNING d.ordinal, d.source, d.partition, d.position, d.requested_by, d.request_reason,
      d.source = _failure ->> 'source' AND d.partition = (_failure ->> 'partition')::int
        AND d.position = (_failure ->> 'position')::bigint AS failed
  )
  INSERT INTO dead_letter_actions (consumer, source, partition, position, action, actor, reason, error)
  SELECT _consumer, s.source, s.partition, s.position, CASE WHEN s.failed THEN 'REPLAY_FAILED' ELSE 'REPLAY_STOPPED' END,
         s.requested_by, s.request_reason, CASE WHEN s.failed THEN _failure ->> 'error' END
  FROM stopped s ORDER BY s.ordinal;
END $$;

-- Asks for a replay or a discard in the name of a mutation; answers what stands under its idempotency key.
CREATE FUNCTION letters_request(
  _key text, _operation text, _fingerprint text, _result text,
  _consumer text, _request text, _actor text, _reason text, _letters jsonb
) RETURNS TABLE (verdict text, result text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  checked record;
BEGIN
  SELECT k.verdict, k.result INTO checked FROM log_check_keys(ARRAY['system'], _operation, ARRAY[_key], ARRAY[_fingerprint]) k;
  IF checked.verdict <> 'NEW' THEN
    RETURN QUERY SELECT checked.verdict, checked.result;
    RETURN;
  END IF;
  PERFORM log_store_keys(ARRAY['system'], _operation, ARRAY[_key], ARRAY[_fingerprint], ARRAY[_result]);
  PERFORM letters_ask(_consumer, _request, _actor, _reason, _letters);
  RETURN QUERY SELECT 'NEW'::text, _result;
END $$;

-- An event asks that the parked letters of a key be tried again: asked for in the call that moves its offset, so that it is
-- never forgotten.
-- [{"key","reason"}]
CREATE FUNCTION letters_remind(_consumer text, _reminders jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM dead_letters d
  WHERE d.consumer = _consumer AND d.status = 'parked'
    AND d.key IN (SELECT u.key FROM jsonb_to_recordset(_reminders) AS u (key text))
  ORDER BY d.ordinal FOR NO KEY UPDATE;
  PERFORM letters_ask(_consumer, 'DRAIN', 'watchdog', r.reason, jsonb_agg(jsonb_build_object(
    'source', d.source, 'partition', d.partition, 'position', d.position)))
  FROM (SELECT u.key, min(u.reason) AS reason FROM jsonb_to_recordset(_reminders) AS u (key text, reason text) GROUP BY u.key) r
  JOIN dead_letters d ON d.consumer = _consumer AND d.key = r.key AND d.status = 'parked'
  GROUP BY r.key, r.reason;
END $$;

-- Moves a consumer's offsets by compare-and-set, parks what could not be applied, settles what is replayed. Call it first: a moved
-- offset or an epoch that is no longer ours raises, and the whole call is undone.
-- {"consumer","epoch","offsets":[{"source","partition","from","to","eventId"}],
--  "parked":[{"source","partition","position","key","event","error","fingerprint","attempts","codeVersion","trace"}],
--  "replays":[{"source","partition","position"}], "reminders":[{"key","reason"}], "dryRun"}
CREATE OR REPLACE FUNCTION log_consume(_inbox jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  moved int;
  wanted int := jsonb_array_length(_inbox -> 'offsets');
  who text := _inbox ->> 'consumer';
BEGIN
  PERFORM 1 FROM offsets o
  JOIN jsonb_to_recordset(_inbox -> 'offsets') AS u (source text, partition int)
    ON o.consumer = who AND o.source = u.source AND o.partition = u.partition
  ORDER BY o.source, o.partition FOR NO KEY UPDATE OF o;
  UPDATE offsets o SET position = u."to", event_id = u."eventId"
  FROM jsonb_to_recordset(_inbox -> 'offsets') AS u (source text, partition int, "from" bigint, "to" bigint, "eventId" uuid)
  WHERE o.consumer = who AND o.source = u.source AND o.partition = u.partition
    AND o.position = u."from" AND o.epoch = (_inbox ->> 'epoch')::bigint;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> wanted THEN
    RAISE EXCEPTION 'offsets of % moved or its lease was lost: % of % match', who, moved, wanted USING ERRCODE = 'CD001';
  END IF;
  IF _inbox ? 'reminders' THEN PERFORM letters_remind(who, _inbox -> 'reminders'); END IF;
  IF jsonb_array_length(coalesce(_inbox -> 'parked', '[]')) > 0 THEN PERFORM letters_park(who, _inbox -> 'parked'); END IF;
  IF _inbox ? 'replays' THEN
    PERFORM letters_replay(who, (_inbox ->> 'epoch')::bigint, _inbox ? 'dryRun', _inbox -> 'replays');
  END IF;
  IF _inbox ? 'dryRun' THEN INSERT INTO dry_runs DEFAULT VALUES; END IF;
END $$;
