// What is heard of an order of which refunds are asked for, whatever order its shipments come in.
import type { Random } from '@crossdock/testing';
import type { PaymentCommand } from '../src/domain/payment.ts';

const AMPLE = { currencyCode: 'GBP', limitMinor: 1_000_000, exposureMinor: 0, limitSet: true };

/** The order, one to three waves, up to four shipments of what they reserve, and sometimes its close. */
export function factsOf(method: 'TERMS' | 'CARD', random: Random): PaymentCommand[] {
  const sealedCardToken = method === 'CARD' ? 'sealed' : null;
  const order = { method, currencyCode: 'GBP', totalMinor: 1, sealedCardToken, credit: AMPLE };
  const facts: PaymentCommand[] = [{ type: 'NoteOrder', data: order }];
  const waves = Array.from({ length: 1 + random.below(3) }, () => 1 + random.below(500));
  for (const [index, reservedMinor] of waves.entries()) {
    const waiting = { units: index + 1 < waves.length ? 1 : 0, version: index + 1 };
    const data = { wave: index + 1, reservedMinor, waiting, credit: AMPLE };
    facts.push({ type: 'NoteReservation', data });
  }
  let left = waves.reduce((sum, each) => sum + each, 0);
  for (let index = 1; left > 0 && index <= 4; index += 1) {
    const valueMinor = 1 + random.below(left);
    left -= valueMinor;
    const data = { shipmentId: `s${index}`, valueMinor, currencyCode: 'GBP' };
    facts.splice(1 + random.below(facts.length), 0, { type: 'NoteShipment', data });
  }
  if (random.chance(0.5)) facts.push({ type: 'CloseOrder', data: {} });
  return facts;
}
