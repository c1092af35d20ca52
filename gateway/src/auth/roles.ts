// Which role may use which root field: the one table of it, after the roles table of the public contract.
// Whose objects a caller sees is decided in the subgraphs, row by row.
import type { Role } from './caller.ts';

const EVERYBODY: readonly Role[] = ['buyer', 'approver', 'rep', 'erp', 'wms', 'operator'];
const SEES_ORDERS: readonly Role[] = ['buyer', 'approver', 'rep', 'erp', 'operator'];
const BUYS: readonly Role[] = ['buyer', 'approver', 'rep', 'erp'];
const ERP: readonly Role[] = ['erp'];
const ERP_OR_WAREHOUSE: readonly Role[] = ['erp', 'wms'];
const WAREHOUSE: readonly Role[] = ['wms'];
const OPERATOR: readonly Role[] = ['operator'];

export const ROLES_OF_FIELD: Readonly<Record<string, readonly Role[]>> = {
  'Query.viewer': EVERYBODY,
  'Query.product': EVERYBODY,
  'Query.products': EVERYBODY,
  'Query.warehouses': EVERYBODY,
  'Query.stockTransfer': ['erp', 'operator'],
  'Query.shipment': EVERYBODY,
  'Query.shipments': EVERYBODY,
  'Query.order': SEES_ORDERS,
  'Query.orderByNumber': SEES_ORDERS,
  'Query.orderByPoNumber': SEES_ORDERS,
  'Query.orders': SEES_ORDERS,
  'Query.orderFeedCursor': SEES_ORDERS,
  'Query.partner': SEES_ORDERS,
  'Query.partners': SEES_ORDERS,
  'Query.orderChanges': ['erp', 'operator'],
  'Query.operations': OPERATOR,
  'Query.stockHold': SEES_ORDERS,
  'Query.invoice': SEES_ORDERS,
  'Query.invoices': SEES_ORDERS,
  'Mutation.placeOrder': BUYS,
  'Mutation.cancelOrder': BUYS,
  'Mutation.upsertPartners': ERP,
  'Mutation.upsertProducts': ERP,
  'Mutation.receiveStock': ERP,
  'Mutation.adjustStock': ERP_OR_WAREHOUSE,
  'Mutation.transferStock': ERP,
  'Mutation.receiveTransfer': ERP_OR_WAREHOUSE,
  'Mutation.setSafetyStock': ERP,
  'Mutation.setCreditLimits': ERP,
  'Mutation.recordPayment': ERP,
  'Mutation.refundPayment': ERP,
  'Mutation.reconcilePayments': OPERATOR,
  'Mutation.closePaymentBreak': OPERATOR,
  'Mutation.holdStock': BUYS,
  'Mutation.extendHold': BUYS,
  'Mutation.releaseHold': BUYS,
  'Mutation.upsertWarehouses': ERP,
  'Mutation.confirmShipment': WAREHOUSE,
  'Mutation.confirmShipments': WAREHOUSE,
  'Mutation.replayOrdersDeadLetters': OPERATOR,
  'Mutation.replayInventoryDeadLetters': OPERATOR,
  'Mutation.replayPaymentsDeadLetters': OPERATOR,
  'Mutation.replayFulfillmentDeadLetters': OPERATOR,
  'Mutation.discardOrdersDeadLetters': OPERATOR,
  'Mutation.discardInventoryDeadLetters': OPERATOR,
  'Mutation.discardPaymentsDeadLetters': OPERATOR,
  'Mutation.discardFulfillmentDeadLetters': OPERATOR,
  'Subscription.orderFeed': SEES_ORDERS,
};

/** The first of the root fields that the role lacks; a field that is not in the table is nobody's. */
export function refusedField(role: Role, rootFields: readonly string[]): string | undefined {
  return rootFields.find((field) => !(ROLES_OF_FIELD[field]?.includes(role) ?? false));
}
