// Every operation of the API with the roles that may use it, written down from the roles table of the contract and not
// from the gateway's code.
import type { CallerName } from '../platform/callers.ts';

type Role = 'buyer' | 'approver' | 'rep' | 'erp' | 'wms' | 'operator';
type Operation = Readonly<{ name: string; document: string; roles: readonly Role[] }>;

export const ROLES: readonly (Role & CallerName)[] = ['buyer', 'approver', 'rep', 'erp', 'wms', 'operator'];

const ALL = ROLES;
const SEE_ORDERS: readonly Role[] = ['buyer', 'approver', 'rep', 'erp', 'operator'];
const PLACE: readonly Role[] = ['buyer', 'approver', 'rep', 'erp'];
const ID = '"0190f3a1-7c2b-7def-8123-456789abcdef"';

const query = (name: string, text: string, roles: readonly Role[]): Operation => ({
  name,
  document: `{ ${text} }`,
  roles,
});
const mutation = (name: string, input: string, roles: readonly Role[]): Operation => ({
  ...{ name, roles },
  document: `mutation { ${name}(input: { idempotencyKey: "", ${input} }) { replayed userErrors { code field } } }`,
});

/** Mutations have an empty key, so that they are refused after the role was asked and nothing is done. */
export const OPERATIONS: readonly Operation[] = [
  query('viewer', 'viewer { subject }', ALL),
  query('product', 'product(sku: "MUG") { sku }', ALL),
  query('products', 'products(first: 1) { nodes { sku } }', ALL),
  query('warehouses', 'warehouses { id }', ALL),
  query('stockTransfer', `stockTransfer(id: ${ID}) { id }`, ['erp', 'operator']),
  query('shipment', `shipment(id: ${ID}) { id }`, ALL),
  query('shipments', 'shipments(first: 1) { nodes { id } }', ALL),
  query('order', `order(id: ${ID}) { id }`, SEE_ORDERS),
  query('orderByNumber', 'orderByNumber(number: "SO-0") { id }', SEE_ORDERS),
  query('orderByPoNumber', 'orderByPoNumber(partnerId: "10001", poNumber: "none") { id }', SEE_ORDERS),
  query('orders', 'orders(first: 1) { nodes { id } }', SEE_ORDERS),
  query('orderFeedCursor', 'orderFeedCursor', SEE_ORDERS),
  query('partner', 'partner(id: "10001") { id }', SEE_ORDERS),
  query('partners', 'partners(first: 1) { nodes { id } }', SEE_ORDERS),
  query('operations', 'operations { ordersDeadLetters(first: 1) { nodes { id } } }', ['operator']),
  query('stockHold', `stockHold(id: ${ID}) { id }`, SEE_ORDERS),
  query('invoice', 'invoice(number: "INV-00000000") { id }', SEE_ORDERS),
  query('invoices', 'invoices(first: 1) { nodes { id } }', SEE_ORDERS),
  query('orderChanges', 'orderChanges(first: 1) { nodes { type } }', ['erp', 'operator']),
  query('operations', 'operations { stuckOrders(first: 1) { nodes { id } } }', ['operator']),
  mutation('placeOrder', 'partnerId: "10001", lines: []', PLACE),
  mutation('cancelOrder', `orderId: ${ID}`, PLACE),
  mutation('upsertPartners', 'partners: []', ['erp']),
  mutation('upsertProducts', 'products: []', ['erp']),
  mutation('receiveStock', 'lines: []', ['erp']),
  mutation('adjustStock', 'lines: []', ['erp', 'wms']),
  mutation('transferStock', 'fromWarehouseId: "LON", toWarehouseId: "MAN", lines: []', ['erp']),
  mutation('receiveTransfer', `transferId: ${ID}, lines: []`, ['erp', 'wms']),
  mutation('setSafetyStock', 'lines: []', ['erp']),
  mutation('upsertWarehouses', 'warehouses: []', ['erp']),
  mutation('holdStock', 'partnerId: "10001", lines: []', PLACE),
  mutation('extendHold', `holdId: ${ID}`, PLACE),
  mutation('releaseHold', `holdId: ${ID}`, PLACE),
  mutation('setCreditLimits', 'limits: []', ['erp']),
  mutation(
    'recordPayment',
    'partnerId: "10001", amount: { amount: "1.00", currencyCode: "GBP" }, reference: "none"',
    ['erp'],
  ),
  mutation('confirmShipment', `shipmentId: ${ID}, releaseEpoch: 1, lines: []`, ['wms']),
  mutation('confirmShipments', 'shipments: []', ['wms']),
  ...['Orders', 'Inventory', 'Payments', 'Fulfillment'].flatMap((subgraph) => [
    mutation(`replay${subgraph}DeadLetters`, 'key: "none"', ['operator']),
    mutation(`discard${subgraph}DeadLetters`, 'key: "none", reason: "none"', ['operator']),
  ]),
];
