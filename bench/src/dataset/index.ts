// Reads the real orders and products of bench/data (NOTICE names their source) as streams of typed rows.
// It knows nothing of the platform: what is sent or seeded, and how, is its callers' business.
export { type DatasetOrder, type DatasetOrderLine, readOrders } from './orders.ts';
export { type DatasetProduct, readProducts } from './products.ts';
