-- Room for everything that can happen to stock: counts, transfers, safety, holds, claims that wait, and claims that are lost.

ALTER TABLE products ADD COLUMN low_stock_threshold int NOT NULL DEFAULT 0
  CONSTRAINT products_low_stock_not_negative CHECK (low_stock_threshold >= 0);

-- Grows with every change of on_hand, so that a count can name what it began from.
ALTER TABLE stock ADD COLUMN version int NOT NULL DEFAULT 0;

-- withdrawing: units assigned to shipments which are not there, or whose warehouse is not OPEN. They stand outside
-- sku_totals_never_oversold, but no new claim may count on their place: it must fit reserved + held + withdrawing <= sellable.
-- is_low, alerts: whether StockLow stands, and how often it was said.
ALTER TABLE sku_totals
  ADD COLUMN withdrawing int NOT NULL DEFAULT 0
    CONSTRAINT sku_totals_withdrawing_not_negative CHECK (withdrawing >= 0),
  ADD COLUMN is_low boolean NOT NULL DEFAULT false,
  ADD COLUMN alerts int NOT NULL DEFAULT 0;

-- What each kind moves stands in domain/ledger.ts. sellable_delta: units more or fewer for sale, over all OPEN warehouses.
ALTER TABLE movements DROP CONSTRAINT movements_kind_known, DROP CONSTRAINT movements_quantity_positive;
ALTER TABLE movements
  ADD COLUMN sellable_delta int NOT NULL DEFAULT 0,
  ADD COLUMN hold_id uuid,
  ADD COLUMN reason text,
  ADD CONSTRAINT movements_quantity_not_zero CHECK (quantity <> 0),
  ADD CONSTRAINT movements_kind_known CHECK (kind IN (
    'receipt', 'adjust', 'return', 'transfer_out', 'transfer_in', 'safety', 'open', 'shut', 'suspend', 'resume',
    'reserve', 'release', 'break', 'hold', 'unhold', 'expire', 'claim', 'break_hold',
    'allocate', 'withdraw', 'withdraw_shut', 'ship', 'ship_shut', 'ship_missing'));
-- The newest claims of a SKU, and the history of its figures.
CREATE INDEX movements_by_sku ON movements (sku, id);

-- lines become [[sku, quantity, unitPriceMinor], ...]; waiting: the same shape, units that wait for receipts. wave: reservations made.
ALTER TABLE reservations DROP CONSTRAINT reservations_status_known;
ALTER TABLE reservations
  ADD CONSTRAINT reservations_status_known
    CHECK (status IN ('RESERVED', 'SHORT', 'BACKORDERED', 'ALLOCATED', 'SHIPPED', 'RELEASED')),
  ADD COLUMN policy text,
  ADD COLUMN currency_code text,
  ADD COLUMN waiting json NOT NULL DEFAULT '[]',
  ADD COLUMN wave int NOT NULL DEFAULT 0;

-- Units that wait for receipts, by SKU: nothing but an index of reservations.waiting, written in the same call.
CREATE TABLE backorders (
  sku text COLLATE "C" NOT NULL,
  order_id uuid NOT NULL,
  partner_id text NOT NULL,
  partition int NOT NULL,
  quantity int NOT NULL CONSTRAINT backorders_quantity_positive CHECK (quantity > 0),
  -- Since when it waits; among a partner's orders the oldest comes first.
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT backorders_once PRIMARY KEY (sku, order_id)
);

CREATE TABLE holds (
  hold_id uuid PRIMARY KEY,
  partner_id text NOT NULL,
  partition int NOT NULL,
  status text NOT NULL CONSTRAINT holds_status_known CHECK (status IN ('ACTIVE', 'CLAIMED', 'RELEASED', 'EXPIRED')),
  -- [[sku, quantity], ...] held now, or held at the end.
  lines json NOT NULL,
  -- By the database's clock.
  expires_at timestamptz NOT NULL,
  order_id uuid,
  placed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Version of the hold's stream; every write names the one it was decided on.
  version int NOT NULL
);
CREATE INDEX holds_by_expiry ON holds (expires_at) WHERE status = 'ACTIVE';
CREATE INDEX holds_active_by_partner ON holds (partner_id) WHERE status = 'ACTIVE';

CREATE TABLE transfers (
  transfer_id uuid PRIMARY KEY,
  from_warehouse_id text NOT NULL,
  to_warehouse_id text NOT NULL,
  status text NOT NULL CONSTRAINT transfers_status_known CHECK (status IN ('IN_TRANSIT', 'RECEIVED')),
  -- [[sku, sent, received], ...]
  lines json NOT NULL,
  sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  version int NOT NULL
);

-- Replica of the partners that orders tells of: whose holds may be made, and in which partition they live.
CREATE TABLE partners (
  partner_id text COLLATE "C" PRIMARY KEY,
  partition int NOT NULL
);
