-- A log that is behind what others know of it (its database was restored to an earlier point) takes no event until it is whole
-- again: what it appended now would stand at positions where others have seen something else.
-- Lock order of these functions: leases, offsets, intents, keys, partitions ascending, events.

-- `closed_at`: the position at which the partition was closed to appends; null while it is open. `given_up`: positions up to
-- here were known to others and are lost; whoever shows them again is no news.
ALTER TABLE partitions ADD COLUMN closed_at bigint, ADD COLUMN given_up bigint NOT NULL DEFAULT 0;

CREATE TABLE log_closings (
  closed_at timestamptz PRIMARY KEY DEFAULT clock_timestamp(),
  reason text NOT NULL,
  opened_at timestamptz,
  -- What the restore found, once it opened the log.
  outcome jsonb
);
CREATE UNIQUE INDEX log_closings_one_at_a_time ON log_closings ((true)) WHERE opened_at IS NULL;

-- Events of others whose effects came back with the log: when they are heard again, nothing is decided anew. The place is null
-- where the source no longer has the event.
CREATE TABLE restored_inputs (
  event_id uuid PRIMARY KEY,
  source text,
  partition int,
  position bigint
);

-- As before, and closed to appends while any of its partitions is. The row is read under the lock that closing takes too, so
-- that no append passes a log that was closed before it commits.
CREATE OR REPLACE FUNCTION log_append(
  _partition int[], _category text[], _stream_id text[], _version int[], _event_id uuid[], _type text[],
  _schema_version int[], _data text[], _metadata text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  closed boolean;
BEGIN
  IF coalesce(cardinality(_partition), 0) = 0 THEN RETURN; END IF;
  SELECT bool_or(l.closed_at IS NOT NULL) INTO closed FROM (
    SELECT c.closed_at FROM partitions c WHERE c.partition = ANY (_partition) ORDER BY c.partition FOR NO KEY UPDATE
  ) l;
  IF closed THEN RAISE EXCEPTION 'the log is closed to appends until it is restored' USING ERRCODE = 'CD004'; END IF;
  INSERT INTO events
  SELECT u.p, c.position + row_number() OVER (PARTITION BY u.p ORDER BY u.o), u.c, u.s, u.v, u.e, u.t, u.sv,
         u.d::jsonb, u.m::jsonb, clock_timestamp()
  FROM unnest(_partition, _category, _stream_id, _version, _event_id, _type, _schema_version, _data, _metadata)
       WITH ORDINALITY AS u (p, c, s, v, e, t, sv, d, m, o)
  JOIN partitions c ON c.partition = u.p;
  UPDATE partitions c SET position = c.position + n.count, event_id = n.last
  FROM (SELECT u.p, count(*) AS count, (array_agg(u.e ORDER BY u.o DESC))[1] AS last
        FROM unnest(_partition, _event_id) WITH ORDINALITY AS u (p, e, o) GROUP BY u.p) n
  WHERE c.partition = n.p;
END $$;

-- Closes the log to appends and ends whoever works under the lease: its epochs are no longer true. False when it was closed.
CREATE FUNCTION log_close(_reason text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM leases ORDER BY name FOR NO KEY UPDATE;
  PERFORM 1 FROM offsets ORDER BY source, partition FOR NO KEY UPDATE;
  PERFORM 1 FROM intents ORDER BY partition FOR NO KEY UPDATE;
  PERFORM 1 FROM partitions ORDER BY partition FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM log_closings WHERE opened_at IS NULL) THEN RETURN false; END IF;
  INSERT INTO log_closings (reason) VALUES (_reason);
  UPDATE partitions SET closed_at = position;
  UPDATE leases SET owner = '', epoch = epoch + 1, expires_at = '-infinity';
  UPDATE offsets SET epoch = epoch + 1;
  UPDATE intents SET epoch = epoch + 1;
  RETURN true;
END $$;

-- Closes the log when the witness knows positions beyond the committed intents: a reader never stands there, unless this
-- database has forgotten them. Answers why, or null.
CREATE FUNCTION log_close_if_behind(_witness text, _partition int[], _position bigint[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  ahead text;
BEGIN
  SELECT string_agg(format('%s of partition %s, where this log ends at %s', u.q, u.p, i.position), ', ' ORDER BY u.p) INTO ahead
  FROM unnest(_partition, _position) AS u (p, q)
  JOIN intents i ON i.partition = u.p JOIN partitions c ON c.partition = u.p
  WHERE u.q > i.position AND u.q > c.given_up;
  IF ahead IS NULL THEN RETURN NULL; END IF;
  ahead := format('%s knows position %s', _witness, ahead);
  PERFORM log_close(ahead);
  RETURN ahead;
END $$;

-- Takes published events back, verbatim and in order, and moves counters and intents with them. `published`: how far the
-- log is known to have been published where the events were still here. Only into a closed log.
-- {"events":[{"partition","position","category","stream","version","id","type","schemaVersion","data","metadata","at"}],
--  "inputs":[{"id","source","partition","position"}],"published":[{"partition","position"}]}
CREATE FUNCTION log_import(_import jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  torn int;
BEGIN
  PERFORM 1 FROM intents ORDER BY partition FOR NO KEY UPDATE;
  PERFORM 1 FROM partitions ORDER BY partition FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM partitions WHERE closed_at IS NULL) THEN
    RAISE EXCEPTION 'events are taken back into a closed log only';
  END IF;
  SELECT count(*) INTO torn FROM (
    SELECT u.partition, min(u.position) AS first, max(u.position) AS last, count(*) AS count
    FROM jsonb_to_recordset(_import -> 'events') AS u (partition int, position bigint) GROUP BY u.partition
  ) n JOIN partitions c ON c.partition = n.partition
  WHERE n.first <> c.position + 1 OR n.last - n.first + 1 <> n.count;
  IF torn > 0 THEN RAISE EXCEPTION 'events that do not continue the log, in % partitions', torn; END IF;
  INSERT INTO events
  SELECT u.partition, u.position, u.category, u.stream, u.version, u.id, u.type, u."schemaVersion", u.data, u.metadata, u.at
  FROM jsonb_to_recordset(_import -> 'events') AS u (partition int, position bigint, category text, stream text, version int,
       id uuid, type text, "schemaVersion" int, data jsonb, metadata jsonb, at timestamptz);
  UPDATE partitions c SET position = n.last, event_id = e.event_id
  FROM (SELECT u.partition, max(u.position) AS last
        FROM jsonb_to_recordset(_import -> 'events') AS u (partition int, position bigint) GROUP BY u.partition) n
  JOIN events e ON e.partition = n.partition AND e.position = n.last
  WHERE c.partition = n.partition;
  UPDATE intents i SET position = n.last, event_id = e.event_id
  FROM (SELECT u.partition, max(u.position) AS last FROM (
          SELECT partition, position FROM jsonb_to_recordset(_import -> 'events') AS a (partition int, position bigint)
          UNION ALL
          SELECT partition, position FROM jsonb_to_recordset(_import -> 'published') AS b (partition int, position bigint)
        ) u GROUP BY u.partition) n
  JOIN events e ON e.partition = n.partition AND e.position = n.last
  WHERE i.partition = n.partition AND i.position < n.last;
  INSERT INTO restored_inputs (event_id, source, partition, position)
  SELECT u.id, u.source, u.partition, u.position
  FROM jsonb_to_recordset(_import -> 'inputs') AS u (id uuid, source text, partition int, position bigint) ORDER BY u.id
  ON CONFLICT DO NOTHING;
END $$;

-- The requests that events since the closing were written for, and how many of each one's events came back.
CREATE FUNCTION log_restored_requests()
RETURNS TABLE (scope text, operation text, key text, fingerprint text, result text, wanted int, found int, at timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT r.scope, r.operation, r.key, min(r.fingerprint), coalesce(max(r.result), min(e.stream_id)),
         max(coalesce(r.events, 1)), count(*)::int, min(e.recorded_at)
  FROM partitions c
  JOIN events e ON e.partition = c.partition AND e.position > c.closed_at
  CROSS JOIN LATERAL jsonb_to_record(e.metadata -> 'request')
    AS r (scope text, operation text, key text, fingerprint text, result text, events int)
  WHERE e.metadata ? 'request'
  GROUP BY r.scope, r.operation, r.key;
$$;

-- Stores the keys of the requests that came back whole, then opens the log. `_given_up`: {"partition","position"} that others
-- know of and nobody has.
CREATE FUNCTION log_open(_given_up jsonb, _outcome jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO idempotency_keys (scope, operation, key, fingerprint, result, created_at)
  SELECT r.scope, r.operation, r.key, r.fingerprint, r.result, r.at FROM log_restored_requests() r
  WHERE r.found = r.wanted ORDER BY r.scope, r.operation, r.key
  ON CONFLICT DO NOTHING;
  PERFORM 1 FROM partitions ORDER BY partition FOR NO KEY UPDATE;
  UPDATE partitions c SET closed_at = NULL, given_up = greatest(c.given_up, u.position)
  FROM partitions p LEFT JOIN jsonb_to_recordset(_given_up) AS u (partition int, position bigint) ON u.partition = p.partition
  WHERE c.partition = p.partition;
  UPDATE log_closings SET opened_at = clock_timestamp(), outcome = _outcome WHERE opened_at IS NULL;
END $$;

-- Events heard before whose effects are here already; those behind the offsets are forgotten, unless a dead letter waits.
CREATE FUNCTION restored_inputs_ahead(_consumer text) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM restored_inputs r USING offsets o
  WHERE o.consumer = _consumer AND o.source = r.source AND o.partition = r.partition AND o.position >= r.position
    AND NOT EXISTS (SELECT 1 FROM dead_letters d WHERE d.consumer = _consumer AND d.source = r.source
                    AND d.partition = r.partition AND d.position = r.position AND d.status = 'parked');
  RETURN QUERY SELECT r.event_id FROM restored_inputs r;
END $$;
