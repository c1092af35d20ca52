// Good inputs of mutations spoiled by one value that is no text: numbers out of range, wrong shapes, missing and unknown
// fields. Values are JSON texts, because some (NaN, 1e308) exist only there.
import type { Mutation } from './mutations.ts';
import { MUTATIONS, PLACING } from './mutations.ts';
import { type Place, withValueAt } from './texts.ts';

export type BadRequest = Readonly<{ name: string; mutation: Mutation; body: string }>;

const SPOT = 'the spot where the value goes';

/** The request with a JSON text in the place of a value. */
function requestWith(mutation: Mutation, place: Place, json: string): BadRequest {
  const variables = { input: withValueAt(mutation.input(), place, SPOT) };
  const body = JSON.stringify({ query: mutation.document, variables }).replace(`"${SPOT}"`, () => json);
  const shown = json.length > 40 ? `${json.slice(0, 40)}…` : json;
  return { name: `${mutation.name}.${place.join('.')} = ${shown}`, mutation, body };
}

const mutationNamed = (name: string): Mutation => {
  const found = MUTATIONS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no mutation ${name}.`);
  return found;
};

const NO_INT = [
  '1.5',
  '1e-7',
  '2147483648',
  '-2147483649',
  '1e308',
  '1e999',
  '9007199254740993',
  'NaN',
  'Infinity',
];
const NO_NUMBER = ['"5"', 'true', '[1]', '[[1]]', '{}', '{"quantity":1}', '0x10', '01', '1.', '+1'];
const NO_QUANTITY = ['0', '-1', '-0', '1000001', '1e9', '2147483647', 'null', ...NO_INT, ...NO_NUMBER];

const NUMBERS: readonly (readonly [mutation: string, place: Place, values: readonly string[]])[] = [
  ['placeOrder', ['lines', 0, 'quantity'], NO_QUANTITY],
  ['placeOrder', ['waitMs'], ['-1', '10001', '2147483647', ...NO_INT, ...NO_NUMBER]],
  ['receiveStock', ['lines', 0, 'quantity'], ['0', '-1', '1000000001', 'null', ...NO_INT, ...NO_NUMBER]],
  ['holdStock', ['lines', 0, 'quantity'], NO_QUANTITY],
  ['holdStock', ['ttlSeconds'], ['0', '-1', '9', '86401', '2147483647', 'null', ...NO_INT, ...NO_NUMBER]],
  ['upsertProducts', ['products', 0, 'casePack'], ['0', '-1', 'null', ...NO_INT]],
  ['upsertProducts', ['products', 0, 'minOrderQuantity'], ['0', '-1', 'null', ...NO_INT]],
  ['upsertProducts', ['products', 0, 'weightGrams'], ['-1', 'null', ...NO_INT]],
  ['upsertProducts', ['products', 0, 'lowStockThreshold'], ['-1', 'null', ...NO_INT]],
  ['adjustStock', ['lines', 0, 'delta'], ['0', '1000000001', '-1000000001', 'null', ...NO_INT, ...NO_NUMBER]],
  ['adjustStock', ['lines', 0, 'counted'], ['1', '-1', ...NO_INT, ...NO_NUMBER]],
  ['transferStock', ['lines', 0, 'quantity'], NO_QUANTITY],
  ['receiveTransfer', ['lines', 0, 'quantity'], NO_QUANTITY],
  ['setSafetyStock', ['lines', 0, 'safety'], ['-1', '1000000001', 'null', ...NO_INT, ...NO_NUMBER]],
  ['upsertWarehouses', ['warehouses', 0, 'priority'], ['null', ...NO_INT, ...NO_NUMBER]],
  ['confirmShipment', ['releaseEpoch'], ['0', '-1', 'null', ...NO_INT, ...NO_NUMBER]],
  ['confirmShipment', ['lines', 0, 'quantity'], NO_QUANTITY],
];

const NO_TEXT = ['5', 'true', '[]', '{}', '["a"]', '{"a":{"b":[]}}', '"\\ud800"', '[[[[[[[["a"]]]]]]]]'];
const NO_AMOUNT = [
  '"-1.00"',
  '"1,00"',
  '"1e3"',
  '"NaN"',
  '"0x10"',
  '""',
  '" 1"',
  '"1.001"',
  `"${'9'.repeat(40)}"`,
];
const NO_DAY = [
  '"2026-02-30"',
  '"2026-13-01"',
  '"0000-00-00"',
  '"tomorrow"',
  '"20260301"',
  '"2026-03-01T00:00:00Z"',
];
const DEEP = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

const SCALARS: readonly (readonly [mutation: string, place: Place, values: readonly string[]])[] = [
  ['placeOrder', ['idempotencyKey'], ['null', '""', '" "', ...NO_TEXT]],
  ['placeOrder', ['poNumber'], ['""', '" "', ...NO_TEXT]],
  ['placeOrder', ['note'], [...NO_TEXT, DEEP]],
  ['placeOrder', ['partnerId'], ['""', '1.5', 'true', '[]', '{}', '["10001"]']],
  ['placeOrder', ['requestedShipDate'], [...NO_DAY, ...NO_TEXT, '["2030-01-31"]', DEEP]],
  ['placeOrder', ['expectedTotal', 'amount'], ['null', ...NO_AMOUNT, ...NO_TEXT, '["2.55"]', '2.55', DEEP]],
  [
    'placeOrder',
    ['expectedTotal', 'currencyCode'],
    ['null', '"gbp"', '"EURO"', '""', ...NO_TEXT, '["GBP"]', DEEP],
  ],
  ['placeOrder', ['expectedTotal'], ['"2.55"', '2.55', '[]', '{}', '{"amount":"2.55"}']],
  ['placeOrder', ['shortagePolicy'], ['null', '"reject"', '"NEVER"', '5', '[]', '{}']],
  ['placeOrder', ['waitFor'], ['"SHIPPED"', '5', '[]', '{}']],
  ['placeOrder', ['payment'], ['"CARD"', '[]', '{}', '{"method":"CARD"}', '{"method":"CASH"}']],
  [
    'placeOrder',
    ['payment'],
    ['{"method":"TERMS","cardToken":"tok_visa"}', '{"method":"CARD","cardToken":""}'],
  ],
  [
    'placeOrder',
    ['shipTo'],
    ['"Leeds"', '[]', '{}', '{"country":null}', '{"country":""}', '{"lines":["a"]}'],
  ],
  ['placeOrder', ['shipTo', 'lines'], ['[null]', '[[]]', '[{}]', `[${'"a",'.repeat(50)}"a"]`]],
  ['placeOrder', ['holdId'], ['"h1"', '""', ...NO_TEXT.filter((text) => text !== '5')]],
  [
    'upsertPartners',
    ['partners', 0, 'currencyCode'],
    ['null', '"gbp"', '"POUND"', '""', ...NO_TEXT, '["GBP"]', DEEP],
  ],
  ['upsertPartners', ['partners', 0, 'paymentMethods'], ['null', '[null]', '["CASH"]', '{}', '[["CARD"]]']],
  [
    'upsertProducts',
    ['products', 0, 'listPrice', 'amount'],
    ['null', ...NO_AMOUNT, ...NO_TEXT, '["1.00"]', '1', DEEP],
  ],
  [
    'upsertProducts',
    ['products', 0, 'listPrice', 'currencyCode'],
    ['null', '"gbp"', ...NO_TEXT, '["GBP"]', DEEP],
  ],
  [
    'setCreditLimits',
    ['limits', 0, 'limit', 'amount'],
    ['null', ...NO_AMOUNT, ...NO_TEXT, '["1.00"]', '1', DEEP],
  ],
  ['setCreditLimits', ['limits', 0, 'limit', 'currencyCode'], ['null', '"EUR"', ...NO_TEXT, '["GBP"]', DEEP]],
  ['setCreditLimits', ['errorPolicy'], ['null', '"SOME"', '0', '[]']],
  ['confirmShipment', ['shipmentId'], ['null', '""', '"1"', '[]', '{}', '1.5', 'true']],
];

const rows = (count: number, row: (index: number) => object) =>
  JSON.stringify(Array.from({ length: count }, (_, index) => row(index)));
const NO_LIST = ['null', '[]', '{}', '"a"', '5', '[null]', '[[]]', '["a"]', '[{}]', DEEP];

const LISTS: readonly (readonly [mutation: string, place: Place, values: readonly string[]])[] = [
  ['placeOrder', ['lines'], [...NO_LIST, rows(1_001, (index) => ({ sku: `SKU-${index}`, quantity: 1 }))]],
  [
    'placeOrder',
    ['lines'],
    [rows(2, () => ({ sku: 'MUG', quantity: 1 })), rows(1, () => ({ sku: 'NONE', quantity: 1 }))],
  ],
  [
    'upsertPartners',
    ['partners'],
    [...NO_LIST, rows(1_001, (id) => ({ id, name: 'x', currencyCode: 'GBP' }))],
  ],
  ['upsertPartners', ['partners'], [rows(2, () => ({ id: 'TWICE', name: 'x', currencyCode: 'GBP' }))]],
  ['upsertProducts', ['products'], NO_LIST],
  [
    'receiveStock',
    ['lines'],
    [...NO_LIST, rows(1_001, () => ({ sku: 'MUG', warehouseId: 'LON', quantity: 1 }))],
  ],
  ['receiveStock', ['lines'], [rows(1, () => ({ sku: 'MUG', warehouseId: 'NOWHERE', quantity: 1 }))]],
  [
    'adjustStock',
    ['lines'],
    [...NO_LIST, rows(1_001, (id) => ({ sku: `S${id}`, warehouseId: 'LON', delta: 1, reason: 'FOUND' }))],
  ],
  [
    'adjustStock',
    ['lines'],
    [rows(2, () => ({ sku: 'MUG', warehouseId: 'LON', delta: 1, reason: 'FOUND' }))],
  ],
  ['transferStock', ['lines'], [...NO_LIST, rows(2, () => ({ sku: 'MUG', quantity: 1 }))]],
  ['transferStock', ['toWarehouseId'], ['null', '"LON"', '"NOWHERE"', '[]', '{}']],
  ['receiveTransfer', ['transferId'], ['null', '""', '"1"', '[]', '{}', '1.5', 'true']],
  ['setSafetyStock', ['lines'], NO_LIST],
  ['upsertWarehouses', ['warehouses'], [...NO_LIST, rows(1_001, (id) => ({ id: `W${id}`, name: 'x' }))]],
  ['setCreditLimits', ['limits'], NO_LIST],
  ['setCreditLimits', ['limits', 0, 'partnerId'], ['"NOBODY"']],
  ['confirmShipments', ['shipments'], NO_LIST],
];

const WHOLE_INPUTS = ['null', '[]', '{}', '"a"', '5', 'true', '[{}]', '{"input":{}}', DEEP];
const STRANGE_FIELDS = ['__proto__', 'constructor', 'toString', 'unknown', 'ID', ''];

/** Every case of the tables. */
export function* badRequests(): Generator<BadRequest> {
  for (const [name, place, values] of [...NUMBERS, ...SCALARS, ...LISTS]) {
    for (const json of values) yield requestWith(mutationNamed(name), place, json);
  }
  for (const mutation of MUTATIONS) {
    for (const json of WHOLE_INPUTS) yield requestWith(mutation, [], json);
    for (const field of STRANGE_FIELDS) {
      const whole = JSON.stringify(mutation.input());
      yield requestWith(mutation, [], `${whole.slice(0, -1)},${JSON.stringify(field)}:1}`);
    }
  }
}

/** Values written into the document itself, where they have the literals of GraphQL. */
export const BAD_LITERALS: readonly string[] = [
  ...[
    '1.5',
    '99999999999999999999',
    '-1',
    '0',
    '"1"',
    'ONE',
    '[1]',
    '{a: 1}',
    'null',
    '$undeclared',
    '1e400',
  ],
].map(
  (quantity) => `mutation { placeOrder(input: {
    idempotencyKey: "literal", partnerId: "10001", lines: [{ sku: "MUG", quantity: ${quantity} }]
  }) { order { id } userErrors { code } } }`,
);

/** A mutation for requests whose fault lies outside of its input. */
export const goodBody = () =>
  JSON.stringify({ query: PLACING.document, variables: { input: PLACING.input() } });
