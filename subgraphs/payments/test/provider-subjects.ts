// The providers that one contract suite holds to the same promises: the fake of our tests, and the two real ones over HTTP.
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { createSimulatorProvider } from '../src/adapters/simulator.ts';
import { createStripeProvider } from '../src/adapters/stripe/stripe.ts';
import type { CaptureRequest, PaymentProvider, ProviderAnswer, RefundRequest } from '../src/ports.ts';
import { createFakeProvider } from './fake-provider.ts';
import { PROVIDER_KEY } from './simulator-process.ts';

export type Subject = Readonly<{
  /** A provider of its own at the address of a simulator: breakers and connections are fresh. */
  open: (url: string, key?: string) => PaymentProvider;
  card: string;
  declines: string;
  declineReason: string;
}>;

const logger = createLogger('payments-test', 'silent');
const options = (url: string, key: string) => ({
  url,
  key,
  logger,
  registry: createRegistry('payments-test'),
});

const fake: Subject = {
  open: () => createFakeProvider(),
  ...{ card: 'tok_visa', declines: 'tok_declined', declineReason: 'card_declined' },
};
const simulator: Subject = {
  open: (url, key = PROVIDER_KEY) => createSimulatorProvider({ name: 'simulator', ...options(url, key) }),
  ...{ card: 'tok_visa', declines: 'tok_declined', declineReason: 'card_declined' },
};
const stripe: Subject = {
  open: (url, key = PROVIDER_KEY) =>
    createStripeProvider({ name: 'stripe', capturesMany: true, ...options(url, key) }),
  ...{ card: 'pm_card_visa', declines: 'pm_card_visa_chargeDeclined', declineReason: 'generic_decline' },
};

export const REAL: readonly [string, Subject][] = [
  ['the simulator over HTTP', simulator],
  ['Stripe through its library', stripe],
];
export const ALL: readonly [string, Subject][] = [['the fake of our tests', fake], ...REAL];

export function done<Value>(answer: ProviderAnswer<Value>): Value {
  if (answer.kind !== 'done') throw new Error(`The provider answered ${answer.kind}: ${answer.reason}`);
  return answer.value;
}

export const orderRequest = (orderId: string, cardToken: string, amountMinor = 10_000) => ({
  amountMinor,
  currencyCode: 'GBP',
  cardToken,
  reference: { orderId, purpose: 'order', epoch: 1, instance: '1' },
});

export const part = (
  orderId: string,
  instance: string,
  amountMinor: number,
  final = false,
): CaptureRequest => ({
  amountMinor,
  currencyCode: 'GBP',
  final,
  reference: { orderId, purpose: 'shipment', epoch: 1, instance },
});

export const back = (orderId: string, instance: string, amountMinor: number): RefundRequest => ({
  amountMinor,
  currencyCode: 'GBP',
  reference: { orderId, purpose: 'refund', epoch: 1, instance },
});

/** An authorisation of 100.00 GBP on a card that approves, and its id. */
export async function authorised(
  provider: PaymentProvider,
  { card }: Subject,
  orderId: string,
): Promise<string> {
  const { id } = done(await provider.create(orderRequest(orderId, card), `${orderId}:create`));
  done(await provider.confirm(id, `${orderId}:confirm`));
  return id;
}

/** Takes a part and answers the capture's id. */
export async function captured(
  provider: PaymentProvider,
  authorisationId: string,
  request: CaptureRequest,
): Promise<string> {
  const { orderId, instance } = request.reference;
  done(await provider.capture(authorisationId, request, `${orderId}:${instance}`));
  const { captures } = done(await provider.read(authorisationId));
  const found = captures.find((each) => each.instance === instance);
  if (found === undefined) throw new Error('A capture that was done is not shown');
  return found.id;
}
