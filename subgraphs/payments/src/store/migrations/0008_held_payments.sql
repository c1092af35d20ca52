-- Payments of which a call waits for a person, counted every minute: few among many. Of `@?` the planner expects few rows, so that it
-- takes the index.
CREATE INDEX payments_held ON payments (order_id) WHERE in_depth @? '$.held[0]';
