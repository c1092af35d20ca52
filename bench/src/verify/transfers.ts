import { counted, type Verdict } from './verdict.ts';

/** One SKU of a transfer, by its table and by the log. */
export interface TransferUnits {
  readonly transferId: string;
  readonly sku: string;
  readonly status: string | null;
  readonly sent: number;
  readonly received: number;
  readonly sentByLog: number;
  readonly receivedByLog: number;
  /** How often the log says that nothing more is to come. */
  readonly ends: number;
}

/** 9, of what is on its way: no more of a transfer arrives than left, and its table says of it what the log says. */
export function checkTransfers(transfers: readonly TransferUnits[]): Verdict {
  const breaches: string[] = [];
  for (const { transferId, sku, status, sent, received, sentByLog, receivedByLog, ends } of transfers) {
    const name = `transfer ${transferId}, ${sku}`;
    if (receivedByLog > sentByLog)
      breaches.push(`${name}: ${receivedByLog} received of ${sentByLog} sent by the log`);
    if (sent !== sentByLog) breaches.push(`${name}: ${sent} sent, ${sentByLog} by the log`);
    if (received !== receivedByLog)
      breaches.push(`${name}: ${received} received, ${receivedByLog} by the log`);
    if (ends > 1) breaches.push(`${name}: ended ${ends} times`);
    if (ends === 1 && status === 'IN_TRANSIT') breaches.push(`${name}: ended and still IN_TRANSIT`);
  }
  return { summary: counted(new Set(transfers.map((each) => each.transferId)).size, 'transfer'), breaches };
}
