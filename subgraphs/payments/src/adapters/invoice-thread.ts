// The thread that draws invoices: each message is one, each answer its PDF. What cannot be drawn ends the thread.
import { parentPort, workerData } from 'node:worker_threads';
import { drawInvoice, type InvoiceDocument, type Seller } from './invoice-pdf.ts';

// Whoever started this thread (invoice-drawer.ts) gave it these.
const seller = workerData as Seller;

parentPort?.on('message', async (invoice: InvoiceDocument) => {
  parentPort?.postMessage(await drawInvoice(invoice, seller));
});
