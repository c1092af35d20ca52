-- The newest holds of a SKU, which break for want of goods once no claim is left: few movements are holds, and the index knows no others.
CREATE INDEX movements_holds_by_sku ON movements (sku, id) WHERE kind = 'hold';
