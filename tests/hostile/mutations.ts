// Every mutation with a good input that has all its fields, for tables to spoil one place of it at a time.
import { randomUUID } from 'node:crypto';
import type { CallerName } from '../platform/callers.ts';
import { ACME, gbp, LONDON, MANCHESTER, UNATTENDED } from '../platform/wholesaler.ts';

export type Mutation = Readonly<{
  name: string;
  caller: CallerName;
  document: string;
  /** A new good input each time. */
  input: () => Record<string, unknown>;
  /** Fields whose values are of an enumeration: another text there is refused by the schema. */
  enumerations: readonly string[];
}>;

const ERRORS = 'userErrors { code message field }';
const typeOf = (name: string) => `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
const documentOf = (name: string, fields: string, type = typeOf(name)) => {
  return `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} replayed ${ERRORS} } }`;
};
const bulk = (name: string) => documentOf(name, `results { index id created ${ERRORS} }`);

const address = () => ({
  ...{ name: 'Acme', lines: ['1 High Street', 'Back door'], city: 'Leeds', postalCode: 'LS1 1AA' },
  country: 'United Kingdom',
});
const unique = (prefix: string) => `${prefix}-${randomUUID().slice(0, 13)}`;

export const PLACING: Mutation = {
  name: 'placeOrder',
  caller: 'erp',
  document: documentOf('placeOrder', 'order { id note shipTo { city } }'),
  enumerations: ['shortagePolicy', 'method'],
  input: () => ({
    ...{ idempotencyKey: randomUUID(), partnerId: ACME, poNumber: unique('PO'), shipTo: address() },
    ...{ requestedShipDate: '2030-01-31', shortagePolicy: 'REJECT', note: 'Ring twice' },
    payment: { method: 'CARD', cardToken: 'tok_visa' },
    lines: [{ sku: 'MUG', quantity: 1 }],
    expectedTotal: gbp('2.55'),
  }),
};

export const MUTATIONS: readonly Mutation[] = [
  PLACING,
  {
    name: 'upsertPartners',
    caller: 'erp',
    document: bulk('upsertPartners'),
    enumerations: ['errorPolicy', 'paymentMethods'],
    input: () => ({
      ...{ idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL' },
      partners: [
        {
          ...{ id: unique('P'), name: 'Somebody', currencyCode: 'GBP', shipTo: address() },
          paymentMethods: ['TERMS'],
        },
      ],
    }),
  },
  {
    name: 'upsertProducts',
    caller: 'erp',
    document: bulk('upsertProducts'),
    enumerations: ['errorPolicy'],
    input: () => ({
      ...{ idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL' },
      products: [
        {
          ...{ sku: unique('SKU'), name: 'Something', listPrice: gbp('1.00') },
          ...{ casePack: 1, minOrderQuantity: 1, weightGrams: 10, lowStockThreshold: 5 },
        },
      ],
    }),
  },
  {
    name: 'receiveStock',
    caller: 'erp',
    document: documentOf('receiveStock', 'stock { sku onHand }'),
    enumerations: [],
    input: () => ({
      ...{ idempotencyKey: randomUUID(), reference: 'Delivery 7' },
      lines: [{ sku: 'MUG', warehouseId: LONDON, quantity: 1 }],
    }),
  },
  {
    name: 'adjustStock',
    caller: 'erp',
    document: documentOf('adjustStock', `results { index stock { onHand } broken { quantity } ${ERRORS} }`),
    enumerations: ['errorPolicy', 'reason'],
    input: () => ({
      ...{ idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL', reference: 'Sheet 7' },
      lines: [{ sku: 'MUG', warehouseId: LONDON, delta: 1, reason: 'FOUND', note: 'Behind the rack' }],
    }),
  },
  {
    name: 'transferStock',
    caller: 'erp',
    document: documentOf('transferStock', 'transfer { id }'),
    enumerations: [],
    input: () => ({
      ...{ idempotencyKey: randomUUID(), fromWarehouseId: LONDON, toWarehouseId: UNATTENDED },
      lines: [{ sku: 'MUG', quantity: 1 }],
    }),
  },
  {
    name: 'holdStock',
    caller: 'erp',
    document: documentOf('holdStock', 'hold { id }'),
    enumerations: [],
    input: () => ({
      ...{ idempotencyKey: randomUUID(), partnerId: ACME, ttlSeconds: 60 },
      lines: [{ sku: 'MUG', quantity: 1 }],
    }),
  },
  {
    name: 'receiveTransfer',
    caller: 'erp',
    document: documentOf('receiveTransfer', 'transfer { id }'),
    enumerations: [],
    input: () => ({
      ...{ idempotencyKey: randomUUID(), transferId: randomUUID(), isLast: false },
      lines: [{ sku: 'MUG', quantity: 1 }],
    }),
  },
  {
    name: 'setSafetyStock',
    caller: 'erp',
    document: documentOf('setSafetyStock', `results { index stock { safety } ${ERRORS} }`),
    enumerations: ['errorPolicy'],
    input: () => ({
      ...{ idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL' },
      lines: [{ sku: 'LAMP', warehouseId: MANCHESTER, safety: 1 }],
    }),
  },
  {
    name: 'upsertWarehouses',
    caller: 'erp',
    document: bulk('upsertWarehouses'),
    enumerations: ['errorPolicy'],
    input: () => ({
      ...{ idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL' },
      warehouses: [{ id: unique('W'), name: 'A store', country: 'United Kingdom', priority: 1_000 }],
    }),
  },
  {
    name: 'setCreditLimits',
    caller: 'erp',
    document: bulk('setCreditLimits'),
    enumerations: ['errorPolicy'],
    input: () => ({
      ...{ idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL' },
      limits: [{ partnerId: ACME, limit: gbp('1000000.00'), termsDays: 30 }],
    }),
  },
  {
    name: 'recordPayment',
    caller: 'erp',
    document: documentOf('recordPayment', 'settled { invoiceNumber }'),
    enumerations: [],
    // No invoice has that number yet, so that nothing is booked.
    input: () => ({
      ...{ idempotencyKey: randomUUID(), partnerId: ACME, amount: gbp('0.01'), reference: unique('BACS') },
      ...{ receivedOn: '2025-03-01', invoiceNumbers: ['INV-99999999'] },
    }),
  },
  {
    name: 'confirmShipment',
    caller: 'wms',
    document: documentOf('confirmShipment', 'shipment { id }'),
    enumerations: [],
    input: () => ({ idempotencyKey: randomUUID(), ...leaving() }),
  },
  {
    name: 'confirmShipments',
    caller: 'wms',
    document: documentOf('confirmShipments', `results { index ${ERRORS} }`),
    enumerations: [],
    input: () => ({ idempotencyKey: randomUUID(), shipments: [leaving()] }),
  },
  {
    name: 'replayOrdersDeadLetters',
    caller: 'operator',
    document: documentOf('replayOrdersDeadLetters', 'letters { outcome }', typeOf('replayDeadLetters')),
    enumerations: [],
    input: () => ({ idempotencyKey: randomUUID(), key: unique('order'), dryRun: false, reason: 'Mended' }),
  },
  {
    name: 'discardPaymentsDeadLetters',
    caller: 'operator',
    document: documentOf('discardPaymentsDeadLetters', 'letters { outcome }', typeOf('discardDeadLetters')),
    enumerations: [],
    input: () => ({
      idempotencyKey: randomUUID(),
      fingerprint: unique('f'),
      dryRun: true,
      reason: 'Given up',
    }),
  },
];

/** A shipment that there is not: good in form. */
function leaving() {
  const lines = [{ sku: 'MUG', quantity: 1 }];
  return { shipmentId: randomUUID(), releaseEpoch: 1, lines, carrier: 'Van', trackingNumber: 'T1' };
}
