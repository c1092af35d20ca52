-- Giving a letter up may mean something for what the consumer keeps: then it is decided and written in the call that discards it.

ALTER TABLE dead_letter_actions
  DROP CONSTRAINT dead_letter_actions_known,
  ADD CONSTRAINT dead_letter_actions_known CHECK (action IN
    ('PARKED', 'REPLAY_REQUESTED', 'REPLAYED', 'REPLAY_FAILED', 'REPLAY_STOPPED', 'DISCARD_REQUESTED', 'DISCARDED', 'DISCARD_FAILED'));

-- A letter was tried again and failed: it stays parked with the new error, and what was asked for its key ends here. One that could
-- not be given up keeps its error, and only that it was asked for ends.
-- {"source","partition","position","key","error","fingerprint","codeVersion"}
CREATE OR REPLACE FUNCTION letters_fail(_consumer text, _epoch bigint, _failure jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  discarding boolean;
BEGIN
  PERFORM letters_fence(_consumer, _epoch, jsonb_build_array(_failure));
  PERFORM 1 FROM dead_letters d
  WHERE d.consumer = _consumer AND d.key = _failure ->> 'key' AND d.status = 'parked' ORDER BY d.ordinal FOR NO KEY UPDATE;
  SELECT coalesce(d.request = 'DISCARD', false) INTO discarding FROM dead_letters d
  WHERE d.consumer = _consumer AND d.source = _failure ->> 'source' AND d.partition = (_failure ->> 'partition')::int
    AND d.position = (_failure ->> 'position')::bigint;
  IF NOT discarding THEN
    UPDATE dead_letters d SET attempts = d.attempts + 1, error = _failure ->> 'error', fingerprint = _failure ->> 'fingerprint',
      code_version = _failure ->> 'codeVersion'
    WHERE d.consumer = _consumer AND d.source = _failure ->> 'source' AND d.partition = (_failure ->> 'partition')::int
      AND d.position = (_failure ->> 'position')::bigint AND d.status = 'parked';
  END IF;
  WITH stopped AS (
    UPDATE dead_letters d SET request = NULL
    WHERE d.consumer = _consumer AND d.key = _failure ->> 'key' AND d.status = 'parked'
      AND CASE WHEN discarding THEN d.request = 'DISCARD' AND d.source = _failure ->> 'source'
                                    AND d.partition = (_failure ->> 'partition')::int AND d.position = (_failure ->> 'position')::bigint
               ELSE d.request IN ('REPLAY', 'DRAIN') END
    RETURNING d.ordinal, d.source, d.partition, d.position, d.requested_by, d.request_reason,
      d.source = _failure ->> 'source' AND d.partition = (_failure ->> 'partition')::int
        AND d.position = (_failure ->> 'position')::bigint AS failed
  )
  INSERT INTO dead_letter_actions (consumer, source, partition, position, action, actor, reason, error)
  SELECT _consumer, s.source, s.partition, s.position,
         CASE WHEN discarding THEN 'DISCARD_FAILED' WHEN s.failed THEN 'REPLAY_FAILED' ELSE 'REPLAY_STOPPED' END,
         s.requested_by, s.request_reason, CASE WHEN s.failed THEN _failure ->> 'error' END
  FROM stopped s ORDER BY s.ordinal;
END $$;

-- Moves a consumer's offsets by compare-and-set, parks what could not be applied, settles what is replayed or given up. Call it first: a moved
-- offset or an epoch that is no longer ours raises, and the whole call is undone.
-- {"consumer","epoch","offsets":[{"source","partition","from","to","eventId"}],
--  "parked":[{"source","partition","position","key","event","error","fingerprint","attempts","codeVersion","trace"}],
--  "replays":[{"source","partition","position"}], "discards":[{"source","partition","position"}], "reminders":[{"key","reason"}], "dryRun"}
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
  IF _inbox ? 'discards' THEN PERFORM letters_discard(who, (_inbox ->> 'epoch')::bigint, _inbox -> 'discards'); END IF;
  IF _inbox ? 'dryRun' THEN INSERT INTO dry_runs DEFAULT VALUES; END IF;
END $$;
