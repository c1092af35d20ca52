import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { fillInputDefaults } from './input-defaults.ts';

const schema = buildSchema(`
  enum Policy { REJECT BACKORDER }
  input Row { sku: String! pack: Int! = 1 }
  input Order { policy: Policy! = REJECT note: String rows: [Row!]! first: Row }
  input Plain { name: String }
  type Query { place(order: Order!, plain: Plain): Boolean }
`);
const document = parse('query($o: Order!, $p: Plain) { place(order: $o, plain: $p) }');

describe('defaults of input objects', () => {
  it('are filled where a field is absent, in lists and nested objects too, and nothing else is touched', () => {
    const order = { rows: [{ sku: 'a' }, { sku: 'b', pack: 6 }], first: { sku: 'c' }, note: null };
    expect(fillInputDefaults(schema, document, { o: order, p: { name: 'x' } })).toEqual({
      o: {
        policy: 'REJECT',
        rows: [
          { sku: 'a', pack: 1 },
          { sku: 'b', pack: 6 },
        ],
        first: { sku: 'c', pack: 1 },
        note: null,
      },
      p: { name: 'x' },
    });
    expect(order.rows[0]).toEqual({ sku: 'a' });
  });

  it('leave a null and a wrong shape to the validation that follows', () => {
    expect(fillInputDefaults(schema, document, { o: { policy: null, rows: 'wrong' } })).toEqual({
      o: { policy: null, rows: 'wrong' },
    });
    expect(fillInputDefaults(schema, document, { o: 5 })).toEqual({ o: 5 });
  });

  it('cost nothing where there are none', () => {
    expect(
      fillInputDefaults(schema, parse('query($p: Plain) { place(plain: $p) }'), { p: {} }),
    ).toBeUndefined();
  });
});
