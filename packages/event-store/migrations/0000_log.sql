-- The event log of one subgraph, the offsets of what it hears, and the leases of who may work.
-- Lock order of every function: offsets, idempotency keys, PO numbers, streams, rows (sorted), partitions ascending, events.

CREATE TABLE partitions (
  partition int PRIMARY KEY CHECK (partition BETWEEN 0 AND 7),
  position bigint NOT NULL DEFAULT 0,
  event_id uuid
) WITH (fillfactor = 20);
INSERT INTO partitions (partition) SELECT generate_series(0, 7);

CREATE TABLE events (
  partition int NOT NULL,
  position bigint NOT NULL,
  category text NOT NULL,
  stream_id text NOT NULL,
  version int NOT NULL,
  event_id uuid NOT NULL,
  type text NOT NULL,
  schema_version int NOT NULL,
  data jsonb NOT NULL,
  metadata jsonb NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT events_position_taken PRIMARY KEY (partition, position),
  CONSTRAINT events_version_taken UNIQUE (category, stream_id, version),
  CONSTRAINT events_id_taken UNIQUE (event_id)
);

-- How far the relay has said, durably, that it will publish. Readers of the log stop here.
CREATE TABLE intents (
  partition int PRIMARY KEY REFERENCES partitions,
  position bigint NOT NULL DEFAULT 0,
  event_id uuid,
  epoch bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 20);
INSERT INTO intents (partition) SELECT generate_series(0, 7);

-- How far a consumer's effects have come in each source: moved in the same call as the effects.
CREATE TABLE offsets (
  consumer text NOT NULL,
  source text NOT NULL,
  partition int NOT NULL,
  position bigint NOT NULL DEFAULT 0,
  event_id uuid,
  epoch bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (consumer, source, partition)
) WITH (fillfactor = 20);

CREATE TABLE leases (
  name text PRIMARY KEY,
  owner text NOT NULL,
  epoch bigint NOT NULL,
  expires_at timestamptz NOT NULL
) WITH (fillfactor = 20);

-- Results of mutations by the client's key. `replays` is written by every replay: its own commit proves the row.
CREATE TABLE idempotency_keys (
  scope text NOT NULL,
  operation text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  result text NOT NULL,
  replays int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_once PRIMARY KEY (scope, operation, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys USING brin (created_at);

-- Events that need a person, and the keys whose later events wait behind them.
CREATE TABLE dead_letters (
  consumer text NOT NULL,
  source text NOT NULL,
  partition int NOT NULL,
  position bigint NOT NULL,
  key text NOT NULL,
  event jsonb NOT NULL,
  error text NOT NULL,
  attempts int NOT NULL,
  code_version text NOT NULL,
  trace text,
  status text NOT NULL DEFAULT 'parked' CHECK (status IN ('parked', 'replayed', 'discarded')),
  parked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, source, partition, position)
);
CREATE TABLE parked_keys (
  consumer text NOT NULL,
  key text NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, key)
);

-- Appends events in the given order. Positions are dense: the partitions' rows stay locked until commit, so that
-- position order is commit order and a rollback leaves no hole. Call it last.
CREATE FUNCTION log_append(
  _partition int[], _category text[], _stream_id text[], _version int[], _event_id uuid[], _type text[],
  _schema_version int[], _data text[], _metadata text[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(cardinality(_partition), 0) = 0 THEN RETURN; END IF;
  PERFORM 1 FROM partitions WHERE partition = ANY (_partition) ORDER BY partition FOR NO KEY UPDATE;
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

-- Moves a consumer's offsets by compare-and-set and parks what could not be applied. Call it first: a moved offset or an
-- epoch that is no longer ours raises, and the whole call is undone.
-- {"consumer","epoch","offsets":[{"source","partition","from","to","eventId"}],"parked":[{"source","partition","position","key","event","error","attempts","codeVersion","trace"}]}
CREATE FUNCTION log_consume(_inbox jsonb) RETURNS void LANGUAGE plpgsql AS $$
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
  IF jsonb_array_length(coalesce(_inbox -> 'parked', '[]')) > 0 THEN
    INSERT INTO dead_letters (consumer, source, partition, position, key, event, error, attempts, code_version, trace)
    SELECT who, u.source, u.partition, u.position, u.key, u.event, u.error, u.attempts, u."codeVersion", u.trace
    FROM jsonb_to_recordset(_inbox -> 'parked') AS u (source text, partition int, position bigint, key text, event jsonb,
         error text, attempts int, "codeVersion" text, trace text);
    INSERT INTO parked_keys (consumer, key)
    SELECT DISTINCT who, u.key FROM jsonb_to_recordset(_inbox -> 'parked') AS u (key text) ORDER BY 2
    ON CONFLICT DO NOTHING;
  END IF;
END $$;

-- Raises when fewer rows were written than decided: the batch was decided on figures that no longer stand.
CREATE FUNCTION log_guard(_written int, _decided int, _what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF _written <> _decided THEN
    RAISE EXCEPTION '% lost: % of % rows', _what, _written, _decided USING ERRCODE = 'CD002';
  END IF;
END $$;

-- Keys are looked up one by one: a hash join would read the whole index of keys.
-- Takes each key by try-lock and tells what stands under it: NEW, REPLAYED, KEY_REUSED or IN_FLIGHT. A replay writes, so that
-- the caller's own commit proves the row it answers from. NEW keys are stored by log_store_keys in the same transaction.
CREATE FUNCTION log_check_keys(_scope text[], _operation text, _key text[], _fingerprint text[])
RETURNS TABLE (ordinal int, verdict text, result text) LANGUAGE plpgsql SET enable_hashjoin = off AS $$
#variable_conflict use_column
DECLARE
  taken boolean[];
BEGIN
  SELECT array_agg(l.ok ORDER BY l.o) INTO taken FROM (
    SELECT u.o, pg_try_advisory_xact_lock(hashtextextended(_operation || chr(31) || u.s || chr(31) || u.k, 0)) AS ok
    FROM unnest(_scope, _key) WITH ORDINALITY AS u (s, k, o)
  ) l;
  RETURN QUERY
  WITH known AS (
    UPDATE idempotency_keys i SET replays = i.replays + 1
    FROM unnest(_scope, _key, taken) AS u (s, k, ok)
    WHERE u.ok AND i.scope = u.s AND i.operation = _operation AND i.key = u.k
    RETURNING i.scope, i.key, i.fingerprint, i.result
  )
  SELECT u.o::int,
         CASE WHEN NOT u.ok THEN 'IN_FLIGHT' WHEN k.key IS NULL THEN 'NEW'
              WHEN k.fingerprint = u.f THEN 'REPLAYED' ELSE 'KEY_REUSED' END,
         k.result
  FROM unnest(_scope, _key, _fingerprint, taken) WITH ORDINALITY AS u (s, k, f, ok, o)
  LEFT JOIN known k ON k.scope = u.s AND k.key = u.k
  ORDER BY u.o;
END $$;

CREATE FUNCTION log_store_keys(_scope text[], _operation text, _key text[], _fingerprint text[], _result text[])
RETURNS void LANGUAGE sql AS $$
  INSERT INTO idempotency_keys (scope, operation, key, fingerprint, result)
  SELECT s, _operation, k, f, r FROM unnest(_scope, _key, _fingerprint, _result) AS u (s, k, f, r) ORDER BY s, k;
$$;

-- Takes the lease when it is free, expired for _grace_ms, or ours; answers its new epoch, or null. Whoever worked under an older
-- epoch writes nothing more: offsets and intents carry the epoch and every call compares it.
CREATE FUNCTION lease_acquire(_name text, _owner text, _ttl_ms int, _grace_ms int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  taken bigint;
BEGIN
  INSERT INTO leases VALUES (_name, '', 0, '-infinity') ON CONFLICT DO NOTHING;
  UPDATE leases SET owner = _owner, epoch = epoch + 1, expires_at = clock_timestamp() + _ttl_ms * interval '1 millisecond'
  WHERE name = _name AND (expires_at < clock_timestamp() - _grace_ms * interval '1 millisecond' OR owner = _owner)
  RETURNING epoch INTO taken;
  IF taken IS NULL THEN RETURN NULL; END IF;
  PERFORM 1 FROM offsets ORDER BY source, partition FOR NO KEY UPDATE;
  UPDATE offsets SET epoch = taken;
  PERFORM 1 FROM intents ORDER BY partition FOR NO KEY UPDATE;
  UPDATE intents SET epoch = taken;
  RETURN taken;
END $$;

CREATE FUNCTION lease_renew(_name text, _owner text, _epoch bigint, _ttl_ms int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE leases SET expires_at = clock_timestamp() + _ttl_ms * interval '1 millisecond'
  WHERE name = _name AND owner = _owner AND epoch = _epoch AND expires_at > clock_timestamp();
  RETURN FOUND;
END $$;

CREATE FUNCTION lease_release(_name text, _owner text, _epoch bigint) RETURNS void LANGUAGE sql AS $$
  UPDATE leases SET expires_at = '-infinity' WHERE name = _name AND owner = _owner AND epoch = _epoch;
$$;

-- Events behind the intents, in order, at most _limit of each partition.
CREATE FUNCTION relay_read(_limit int)
RETURNS TABLE ("partition" int, "position" bigint, category text, stream_id text, version int, event_id uuid, type text,
               schema_version int, data text, metadata text, recorded_at timestamptz) LANGUAGE sql STABLE AS $$
  SELECT e.partition, e.position, e.category, e.stream_id, e.version, e.event_id, e.type, e.schema_version,
         e.data::text, e.metadata::text, e.recorded_at
  FROM intents i
  CROSS JOIN LATERAL (SELECT * FROM events x WHERE x.partition = i.partition AND x.position > i.position
                      ORDER BY x.position LIMIT _limit) e
  ORDER BY e.partition, e.position;
$$;

-- Commits the intent to publish up to the given positions, under the relay's epoch.
CREATE FUNCTION relay_intend(_partition int[], _from bigint[], _to bigint[], _event_id uuid[], _epoch bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  moved int;
BEGIN
  PERFORM 1 FROM intents WHERE partition = ANY (_partition) ORDER BY partition FOR NO KEY UPDATE;
  UPDATE intents i SET position = u.t, event_id = u.e
  FROM unnest(_partition, _from, _to, _event_id) AS u (p, f, t, e)
  WHERE i.partition = u.p AND i.position = u.f AND i.epoch = _epoch;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> cardinality(_partition) THEN
    RAISE EXCEPTION 'the relay lost its lease: % of % intents match', moved, cardinality(_partition) USING ERRCODE = 'CD001';
  END IF;
END $$;
