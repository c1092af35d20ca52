-- The smallest consumer there is: it writes down what it heard, in the order it heard it.
CREATE TABLE effects (ordinal bigint GENERATED ALWAYS AS IDENTITY, event_id uuid NOT NULL, stream text NOT NULL, version int NOT NULL);
CREATE FUNCTION note_effects(_inbox jsonb, _event_id uuid[], _stream text[], _version int[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM log_consume(_inbox);
  INSERT INTO effects (event_id, stream, version) SELECT * FROM unnest(_event_id, _stream, _version);
END $$;
