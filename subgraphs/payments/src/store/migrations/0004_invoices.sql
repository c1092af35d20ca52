-- What partners owe on paper: an invoice for each shipment, the money they send, and which of the two settles which.
-- An invoice on terms is changed only under its partner's account, one by card only under its payment: no two writes meet in one.

-- `version` is that of the partner's stream of credit. `unapplied_minor`: money of the partner that settled no invoice yet; while it
-- is above zero no invoice of the partner is open.
ALTER TABLE credit_accounts
  ADD COLUMN limit_set boolean NOT NULL DEFAULT false,
  ADD COLUMN terms_days int NOT NULL DEFAULT 30 CONSTRAINT credit_terms_within_a_year CHECK (terms_days BETWEEN 0 AND 365),
  ADD COLUMN unapplied_minor bigint NOT NULL DEFAULT 0 CONSTRAINT credit_unapplied_not_negative CHECK (unapplied_minor >= 0);
UPDATE credit_accounts SET limit_set = version > 0;

-- The names people know an order by.
CREATE TABLE order_names (
  order_id uuid PRIMARY KEY,
  number text NOT NULL,
  po_number text
);

-- The number of the last invoice. Whoever issues holds the row until commit, so that a rollback leaves no gap.
CREATE TABLE invoice_counter (
  only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT invoice_counter_is_one CHECK (only_row),
  last_number bigint NOT NULL
) WITH (fillfactor = 10);

-- One row for each shipment that left; it is an invoice once it has a number. A line's price is null where it was not told.
-- lines: [{"sku","quantity","unitPriceMinor"}]
CREATE TABLE invoices (
  shipment_id uuid PRIMARY KEY,
  order_id uuid NOT NULL,
  partner_id text NOT NULL,
  currency_code text NOT NULL,
  total_minor bigint NOT NULL,
  lines jsonb NOT NULL,
  method text CONSTRAINT invoice_method_known CHECK (method IN ('TERMS', 'CARD')),
  number bigint CONSTRAINT invoice_number_once UNIQUE,
  issued_on date,
  terms_days int,
  due_on date,
  paid_minor bigint NOT NULL DEFAULT 0 CONSTRAINT invoice_paid_not_negative CHECK (paid_minor >= 0),
  credited_minor bigint NOT NULL DEFAULT 0 CONSTRAINT invoice_credited_not_negative CHECK (credited_minor >= 0),
  CONSTRAINT invoice_paid_within_total CHECK (paid_minor <= total_minor),
  CONSTRAINT invoice_is_issued_whole CHECK (num_nulls(method, number, issued_on, terms_days, due_on) IN (0, 5))
) WITH (fillfactor = 80);

CREATE TABLE settlements (
  settlement_id uuid PRIMARY KEY,
  partner_id text NOT NULL,
  currency_code text NOT NULL,
  amount_minor bigint NOT NULL CONSTRAINT settlement_positive CHECK (amount_minor > 0),
  reference text NOT NULL,
  received_on date NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What left before there were invoices is invoiced as of the day it was booked, without lines.
INSERT INTO invoices (shipment_id, order_id, partner_id, currency_code, total_minor, lines, method, number, issued_on, terms_days, due_on,
                      paid_minor)
SELECT l.shipment_id, l.order_id, l.partner_id, l.currency_code, l.total, '[]', l.method,
       row_number() OVER (ORDER BY l.day, l.order_id, l.shipment_id), l.day, l.days, l.day + l.days, l.paid
FROM (
  SELECT s."shipmentId" AS shipment_id, p.order_id, p.partner_id, p.currency_code, s."valueMinor" AS total, p.method,
         (coalesce(e.posted_at, clock_timestamp()) AT TIME ZONE 'UTC')::date AS day,
         CASE p.method WHEN 'TERMS' THEN 30 ELSE 0 END AS days,
         CASE WHEN p.method = 'CARD' AND s.state = 'CAPTURED' THEN s."valueMinor" ELSE 0 END AS paid
  FROM payments p
  CROSS JOIN LATERAL jsonb_to_recordset(p.shipments) AS s ("shipmentId" uuid, "valueMinor" bigint, state text)
  LEFT JOIN ledger_entries e ON e.order_id = p.order_id AND e.shipment_id = s."shipmentId" AND e.kind = 'SALE'
  WHERE s.state IN ('REQUESTED', 'CAPTURED') AND p.method IS NOT NULL
) l;
INSERT INTO invoice_counter (last_number) SELECT count(*) FROM invoices;

CREATE INDEX invoices_of_partner ON invoices (partner_id, number DESC) WHERE number IS NOT NULL;
CREATE INDEX invoices_open ON invoices (partner_id, due_on, number) WHERE number IS NOT NULL AND paid_minor + credited_minor < total_minor;

-- Lets money that stands to these partners' credit settle their open invoices on terms: those in _first in their order, then the
-- oldest due. Answers what of which was settled. Their accounts are locked.
CREATE FUNCTION credit_apply(_partner_id text[], _first bigint[]) RETURNS TABLE (number bigint, amount_minor bigint)
LANGUAGE plpgsql SET enable_hashjoin = off AS $$
#variable_conflict use_column
BEGIN
  PERFORM 1 FROM credit_accounts WHERE partner_id = ANY (_partner_id) ORDER BY partner_id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH due AS MATERIALIZED (
    SELECT i.shipment_id, i.partner_id, i.number, a.unapplied_minor AS money, i.total_minor - i.paid_minor - i.credited_minor AS open,
           sum(i.total_minor - i.paid_minor - i.credited_minor) OVER (
             PARTITION BY i.partner_id ORDER BY array_position(_first, i.number), i.due_on, i.number)::bigint AS up_to
    FROM credit_accounts a
    JOIN invoices i ON i.partner_id = a.partner_id AND i.method = 'TERMS' AND i.number IS NOT NULL
      AND i.paid_minor + i.credited_minor < i.total_minor
    WHERE a.partner_id = ANY (_partner_id) AND a.unapplied_minor > 0
  ), settled AS (
    UPDATE invoices i SET paid_minor = i.paid_minor + least(d.open, d.money - (d.up_to - d.open))
    FROM due d WHERE i.shipment_id = d.shipment_id AND d.up_to - d.open < d.money
    RETURNING d.partner_id, d.number, d.up_to, least(d.open, d.money - (d.up_to - d.open)) AS amount
  ), used AS (
    UPDATE credit_accounts a SET unapplied_minor = a.unapplied_minor - s.amount
    FROM (SELECT partner_id, sum(amount)::bigint AS amount FROM settled GROUP BY partner_id) s WHERE a.partner_id = s.partner_id
  )
  SELECT s.number, s.amount FROM settled s ORDER BY s.partner_id, s.up_to;
END $$;

-- Rows are looked up one by one: a hash join, planned while the table was small, would read the whole index.
-- Keeps the lines of what left, issues invoices, and notes what was paid by card or credited. What was issued is not issued again.
-- Of whom something on terms is issued or credited, the account is locked already (credit_move).
-- {"orders": [{"orderId","number","poNumber"}],
--  "invoices": [{"shipmentId","orderId","partnerId","currencyCode","totalMinor","lines","method","paidMinor","creditedMinor"}]}
CREATE FUNCTION invoices_write(_invoices jsonb) RETURNS void LANGUAGE plpgsql SET enable_hashjoin = off AS $$
DECLARE
  sheet jsonb := _invoices -> 'invoices';
  today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
  issuing int;
  last bigint;
  owing text[];
BEGIN
  IF jsonb_array_length(_invoices -> 'orders') > 0 THEN
    INSERT INTO order_names (order_id, number, po_number)
    SELECT o."orderId", o.number, o."poNumber"
    FROM jsonb_to_recordset(_invoices -> 'orders') AS o ("orderId" uuid, number text, "poNumber" text) ORDER BY 1
    ON CONFLICT DO NOTHING;
  END IF;
  IF jsonb_array_length(sheet) = 0 THEN RETURN; END IF;
  SELECT count(*) INTO issuing FROM jsonb_to_recordset(sheet) AS u ("shipmentId" uuid, method text)
  LEFT JOIN invoices k ON k.shipment_id = u."shipmentId" WHERE u.method IS NOT NULL AND k.number IS NULL;
  IF issuing > 0 THEN
    UPDATE invoice_counter SET last_number = last_number + issuing RETURNING last_number - issuing INTO last;
  END IF;
  INSERT INTO invoices AS i (shipment_id, order_id, partner_id, currency_code, total_minor, lines, paid_minor, credited_minor,
                             method, number, issued_on, terms_days, due_on)
  SELECT s.id, s.order_id, s.partner_id, s.currency, s.total, s.lines, s.paid, s.credited,
         CASE WHEN s.fresh THEN s.method END,
         CASE WHEN s.fresh THEN last + row_number() OVER (PARTITION BY s.fresh ORDER BY s.place) END,
         CASE WHEN s.fresh THEN today END, CASE WHEN s.fresh THEN s.days END, CASE WHEN s.fresh THEN today + s.days END
  FROM (
    SELECT u.id, u.order_id, u.partner_id, u.currency, u.total, coalesce(u.lines, '[]') AS lines, u.paid, u.credited, u.method, u.place,
           u.method IS NOT NULL AND k.number IS NULL AS fresh, CASE u.method WHEN 'TERMS' THEN coalesce(a.terms_days, 30) ELSE 0 END AS days
    FROM ROWS FROM (jsonb_to_recordset(sheet) AS ("shipmentId" uuid, "orderId" uuid, "partnerId" text, "currencyCode" text,
                                                  "totalMinor" bigint, lines jsonb, method text, "paidMinor" bigint, "creditedMinor" bigint))
      WITH ORDINALITY AS u (id, order_id, partner_id, currency, total, lines, method, paid, credited, place)
    LEFT JOIN invoices k ON k.shipment_id = u.id
    LEFT JOIN credit_accounts a ON a.partner_id = u.partner_id
  ) s
  ON CONFLICT (shipment_id) DO UPDATE SET
    lines = CASE WHEN i.lines = '[]'::jsonb THEN excluded.lines ELSE i.lines END,
    method = coalesce(i.method, excluded.method), number = coalesce(i.number, excluded.number),
    issued_on = coalesce(i.issued_on, excluded.issued_on), terms_days = coalesce(i.terms_days, excluded.terms_days),
    due_on = coalesce(i.due_on, excluded.due_on),
    paid_minor = i.paid_minor + excluded.paid_minor, credited_minor = i.credited_minor + excluded.credited_minor;
  IF jsonb_path_exists(sheet, '$[*].creditedMinor ? (@ > 0)') THEN
    -- What is credited beyond what was open had been paid: it stands to the partner's credit.
    UPDATE credit_accounts a SET unapplied_minor = a.unapplied_minor + x.excess
    FROM (
      SELECT i.partner_id, sum(greatest(0, i.paid_minor + i.credited_minor - i.total_minor)
                               - greatest(0, i.paid_minor + i.credited_minor - u."creditedMinor" - i.total_minor))::bigint AS excess
      FROM jsonb_to_recordset(sheet) AS u ("shipmentId" uuid, "creditedMinor" bigint)
      JOIN invoices i ON i.shipment_id = u."shipmentId" AND i.method = 'TERMS'
      WHERE u."creditedMinor" > 0 GROUP BY i.partner_id
    ) x WHERE a.partner_id = x.partner_id AND x.excess > 0;
  END IF;
  -- Of invoices on terms alone: the account of one by card is not locked, and would be behind the counter.
  SELECT array_agg(DISTINCT u."partnerId") INTO owing
  FROM jsonb_to_recordset(sheet) AS u ("shipmentId" uuid, "partnerId" text, method text, "creditedMinor" bigint)
  JOIN invoices i ON i.shipment_id = u."shipmentId" AND i.method = 'TERMS'
  JOIN credit_accounts a ON a.partner_id = u."partnerId" AND a.unapplied_minor > 0
  WHERE u.method = 'TERMS' OR u."creditedMinor" > 0;
  IF owing IS NOT NULL THEN PERFORM credit_apply(owing, '{}'); END IF;
END $$;

-- Books money that came from a partner, settles invoices with it, and answers what stands under the key.
-- _key: {"scope","key","fingerprint"}
-- _payment: {"settlementId","eventId","partnerId","partition","currencyCode","amountMinor","reference","receivedOn","first","data","metadata"}
CREATE FUNCTION credit_record_payment(_key jsonb, _payment jsonb) RETURNS TABLE (verdict text, result text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  checked record;
  p record;
  stream_version int;
  receivable text;
  answer text;
BEGIN
  SELECT k.verdict, k.result INTO checked FROM log_check_keys(
    ARRAY[_key ->> 'scope'], 'recordPayment', ARRAY[_key ->> 'key'], ARRAY[_key ->> 'fingerprint']) k;
  IF checked.verdict <> 'NEW' THEN
    RETURN QUERY SELECT checked.verdict, checked.result;
    RETURN;
  END IF;
  SELECT * INTO p FROM jsonb_to_record(_payment) AS u (
    "settlementId" uuid, "eventId" uuid, "partnerId" text, partition int, "currencyCode" text, "amountMinor" bigint, reference text,
    "receivedOn" date, first bigint[], data jsonb, metadata jsonb);
  INSERT INTO credit_accounts (partner_id, partition, currency_code, limit_minor, exposure_minor, version)
  SELECT p."partnerId", p.partition, p."currencyCode", 0, 0, 0
  WHERE NOT EXISTS (SELECT 1 FROM credit_accounts a WHERE a.partner_id = p."partnerId")
  ON CONFLICT DO NOTHING;
  UPDATE credit_accounts SET exposure_minor = exposure_minor - p."amountMinor", unapplied_minor = unapplied_minor + p."amountMinor",
    version = version + 1
  WHERE partner_id = p."partnerId" AND currency_code = p."currencyCode" RETURNING version INTO stream_version;
  PERFORM log_guard(CASE WHEN stream_version IS NULL THEN 0 ELSE 1 END, 1, 'currency of the credit account');
  INSERT INTO settlements (settlement_id, partner_id, currency_code, amount_minor, reference, received_on)
  VALUES (p."settlementId", p."partnerId", p."currencyCode", p."amountMinor", p.reference,
          coalesce(p."receivedOn", (clock_timestamp() AT TIME ZONE 'UTC')::date));
  receivable := 'receivable/' || p."partnerId";
  INSERT INTO ledger_accounts (account, currency_code, kind, partner_id)
  VALUES ('bank', p."currencyCode", 'bank', NULL), (receivable, p."currencyCode", 'receivable', p."partnerId") ON CONFLICT DO NOTHING;
  INSERT INTO ledger_entries (entry_id, kind, settlement_id, reference, debit_account, credit_account, currency_code, amount_minor)
  VALUES (p."settlementId", 'SETTLEMENT', p."settlementId", p.reference, 'bank', receivable, p."currencyCode", p."amountMinor");
  SELECT coalesce(jsonb_agg(jsonb_build_object('number', s.number, 'amountMinor', s.amount_minor)), '[]')::text INTO answer
  FROM credit_apply(ARRAY[p."partnerId"], p.first) s;
  PERFORM log_store_keys(ARRAY[_key ->> 'scope'], 'recordPayment', ARRAY[_key ->> 'key'], ARRAY[_key ->> 'fingerprint'], ARRAY[answer]);
  PERFORM log_append(ARRAY[p.partition], ARRAY['credit'], ARRAY[p."partnerId"], ARRAY[stream_version], ARRAY[p."eventId"],
                     ARRAY['PaymentReceived'], ARRAY[1], ARRAY[p.data::text], ARRAY[p.metadata::text]);
  RETURN QUERY SELECT 'NEW'::text, answer;
END $$;

DROP FUNCTION credit_set_limits(text, text, text, text, text[], int[], int[], text[], bigint[], uuid[], text[], text[]);

-- Sets credit limits and terms, each at the version it was decided on; answers what stands under the key.
CREATE FUNCTION credit_set_limits(
  _scope text, _key text, _fingerprint text, _result text,
  _partner_id text[], _expected int[], _partition int[], _currency_code text[], _limit bigint[], _terms_days int[],
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
  INSERT INTO credit_accounts AS a (partner_id, partition, currency_code, limit_minor, exposure_minor, version, limit_set, terms_days)
  SELECT u.id, u.p, u.c, u.l, 0, u.v + 1, true, u.t
  FROM unnest(_partner_id, _partition, _currency_code, _limit, _expected, _terms_days) AS u (id, p, c, l, v, t) ORDER BY u.id
  ON CONFLICT (partner_id) DO UPDATE
    SET limit_minor = excluded.limit_minor, currency_code = excluded.currency_code, version = excluded.version, limit_set = true,
        terms_days = excluded.terms_days
    WHERE a.version = excluded.version - 1;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM log_guard(written, cardinality(_partner_id), 'credit account version');
  SELECT coalesce(array_agg(v + 1 ORDER BY o), '{}') INTO versions FROM unnest(_expected) WITH ORDINALITY AS u (v, o);
  PERFORM log_append(_partition, array_fill('credit'::text, ARRAY[cardinality(_partition)]), _partner_id, versions, _event_id,
                     array_fill('CreditLimitSet'::text, ARRAY[cardinality(_partition)]),
                     array_fill(1, ARRAY[cardinality(_partition)]), _data, _metadata);
  RETURN QUERY SELECT 'NEW'::text, _result;
END $$;
