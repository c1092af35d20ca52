import type { Logger, Registry } from '@crossdock/telemetry';
import Stripe from 'stripe';
import type {
  AuthorisationRequest,
  CaptureRequest,
  PaymentProvider,
  ProviderAnswer,
  ProviderAuthorisation,
  ProviderReport,
  RefundRequest,
  RenewalRequest,
} from '../../ports.ts';
import { releaseOf } from '../provider-answers.ts';
import { createProviderCalls, type ProviderOperation } from '../provider-calls.ts';
import { isUntold, type NoteUntold } from '../told-reasons.ts';
import { amountToStripe, stepOfStripe } from './stripe-amounts.ts';
import {
  answerOf,
  authorisationOf,
  declineCodeOf,
  hasNoRefunds,
  type Intent,
  isGivenBack,
  namedBy,
  namesCapture,
  type Refund,
  readIntent,
  readIntents,
  readRefunds,
} from './stripe-answers.ts';
import { answerOfStripeError, untoldCodeOf } from './stripe-faults.ts';
import { createStripeHttp } from './stripe-http.ts';
import { captureMetadata, metadataOf, referenceOf } from './stripe-metadata.ts';

const STRIPE_URL = 'https://api.stripe.com';
/** `pm_…`, or `cus_…/pm_…`: without its customer Stripe lets no payment method be used a second time, so never renewed. */
const CARD_TOKEN = /^(?:(cus_\w{1,200})\/)?(pm_\w{1,200})$/;
/** Intents on a page of the report. */
const PAGE = 25;
/** Refunds on a page, and of one intent at most. */
const REFUNDS_PAGE = 100;
const REFUNDS_MAX = 1_000;
/** Longer than any of our own time-outs, which end a call first. */
const LIBRARY_TIMEOUT_MS = 30_000;
const WITH_CHARGE = ['latest_charge'];

export type StripeOptions = Readonly<{
  /** As configured. */
  name: string;
  key: string;
  /** Another address than Stripe's own. */
  url: string | null;
  /** Multicapture is a feature of some accounts only. */
  capturesMany: boolean;
  logger: Logger;
  registry: Registry;
}>;

type Desk = Readonly<{ stripe: Stripe; capturesMany: boolean; noteUntold: NoteUntold }>;
type Answered = Promise<ProviderAnswer<ProviderAuthorisation>>;
type CardOfIntent = Readonly<{ paymentMethod: string; customer: string | null }>;
type NewIntent = Omit<AuthorisationRequest, 'cardToken' | 'grainMinor'> & CardOfIntent;

const refused = (reason: string) => ({ kind: 'refused', reason }) as const;
const INEXPRESSIBLE = refused('amount_not_expressible');
const DONE = { kind: 'done', value: null } as const;
const REFUND_FAILED = refused('refund_failed');
/** What was answered is about something else: a read tells what was done. */
const NOT_NAMED = { kind: 'unknown', reason: 'answer_about_another' } as const;
const GONE = { kind: 'unknown', reason: 'refund_not_shown' } as const;

async function listRefunds(stripe: Stripe, intentId: string): Promise<Refund[]> {
  const pages = stripe.refunds.list({ payment_intent: intentId, limit: REFUNDS_PAGE });
  return readRefunds(await pages.autoPagingToArray({ limit: REFUNDS_MAX }));
}

async function refundsOf(stripe: Stripe, shown: Intent): Promise<Refund[]> {
  return hasNoRefunds(shown) ? [] : listRefunds(stripe, shown.id);
}

async function answered({ stripe, noteUntold }: Desk, body: unknown): Answered {
  const shown = readIntent(body);
  const code = declineCodeOf(shown);
  if (code !== null && isUntold(code))
    noteUntold(code, { authorisationId: shown.id, orderId: referenceOf(shown.metadata)?.orderId ?? '' });
  return answerOf(shown, await refundsOf(stripe, shown));
}

async function createIntent(desk: Desk, request: NewIntent, idempotencyKey: string): Answered {
  const { amountMinor, currencyCode, reference, paymentMethod, customer } = request;
  const amount = amountToStripe(amountMinor, currencyCode);
  if (amount === null) return INEXPRESSIBLE;
  const many = { payment_method_options: { card: { request_multicapture: 'if_available' } } } as const;
  const body = await desk.stripe.paymentIntents.create(
    {
      amount,
      currency: currencyCode.toLowerCase(),
      payment_method: paymentMethod,
      allowed_payment_method_types: ['card'],
      capture_method: 'manual',
      confirm: false,
      metadata: metadataOf(reference),
      ...(customer === null ? {} : { customer }),
      ...(desk.capturesMany ? many : {}),
    },
    { idempotencyKey },
  );
  return answered(desk, body);
}

/**
 * True where every part can be taken: the whole may be what Stripe takes, and the value of a shipment not. Of an order that was stored
 * before its grain was, only the whole is known, and what is already authorised of it was asked for in the same way.
 */
function hasOnlyParts({ currencyCode, grainMinor }: AuthorisationRequest): boolean {
  return grainMinor == null || grainMinor % stepOfStripe(currencyCode) === 0;
}

async function create(desk: Desk, asked: AuthorisationRequest, key: string): Answered {
  if (!hasOnlyParts(asked)) return INEXPRESSIBLE;
  const { cardToken, grainMinor: _kept, ...request } = asked;
  const [, customer = null, paymentMethod] = CARD_TOKEN.exec(cardToken) ?? [];
  if (paymentMethod === undefined) return refused('invalid_card_token');
  return createIntent(desk, { ...request, paymentMethod, customer }, key);
}

async function renew(desk: Desk, { renews, ...request }: RenewalRequest, key: string): Answered {
  const earlier = readIntent(await desk.stripe.paymentIntents.retrieve(renews));
  const { payment_method: paymentMethod = null, customer = null } = earlier;
  if (paymentMethod === null) return refused('no_payment_method');
  return createIntent(desk, { ...request, paymentMethod, customer }, key);
}

/** Asks the card. Its owner is not there to be asked, so a card that wants that declines; a decline is an answer. */
async function confirm(desk: Desk, id: string, idempotencyKey: string): Answered {
  const request = { off_session: true, expand: WITH_CHARGE };
  try {
    return await answered(desk, await desk.stripe.paymentIntents.confirm(id, request, { idempotencyKey }));
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeCardError)) throw error;
    if (error.payment_intent === undefined) return { kind: 'unknown', reason: 'declined_without_intent' };
    return answered(desk, error.payment_intent);
  }
}

async function capture(
  { stripe, capturesMany }: Desk,
  id: string,
  { amountMinor, currencyCode, final, reference: { instance } }: CaptureRequest,
  idempotencyKey: string,
): Promise<ProviderAnswer<null>> {
  const amount = amountToStripe(amountMinor, currencyCode);
  if (amount === null) return INEXPRESSIBLE;
  const many = capturesMany ? { final_capture: final } : {};
  const request = { amount_to_capture: amount, metadata: captureMetadata({ instance, amount }), ...many };
  const shown = readIntent(await stripe.paymentIntents.capture(id, request, { idempotencyKey }));
  return shown.id === id && namesCapture(shown, { instance, amount }) ? DONE : NOT_NAMED;
}

/** Gives back at once or soon. A refund that Stripe says failed gave nothing back, and never will under its key. */
async function refund(
  { stripe }: Desk,
  captureId: string,
  { amountMinor, currencyCode, reference }: RefundRequest,
  idempotencyKey: string,
): Promise<ProviderAnswer<null>> {
  const amount = amountToStripe(amountMinor, currencyCode);
  if (amount === null) return INEXPRESSIBLE;
  const { intentId, instance } = namedBy(captureId);
  const metadata = { ...metadataOf(reference), capture: instance };
  const request = { payment_intent: intentId, amount, metadata };
  const made = await stripe.refunds.create(request, { idempotencyKey });
  const [answer] = readRefunds([made]);
  if (answer === undefined) return GONE;
  if (answer.amount !== amount || answer.metadata.instance !== reference.instance) return NOT_NAMED;
  // What stands under the key is the answer of then; the refund may have failed since.
  const isReplay = made.lastResponse.headers['idempotent-replayed'] === 'true';
  const now = isReplay ? (await listRefunds(stripe, intentId)).find(({ id }) => id === answer.id) : answer;
  if (now === undefined) return GONE;
  return isGivenBack(now) ? DONE : REFUND_FAILED;
}

/** Newest first, as Stripe lists them. */
async function report({ stripe }: Desk, after: string | null): Promise<ProviderAnswer<ProviderReport>> {
  const behind = after === null ? {} : { starting_after: after };
  const page = await stripe.paymentIntents.list({ limit: PAGE, expand: ['data.latest_charge'], ...behind });
  const shown = readIntents(page.data);
  const authorisations = await Promise.all(
    shown.map(async (each) => authorisationOf(each, await refundsOf(stripe, each))),
  );
  const next = page.has_more ? (shown.at(-1)?.id ?? null) : null;
  return { kind: 'done', value: { authorisations, next } };
}

/** Speaks to Stripe, or to what answers like it, through Stripe's own library. */
export function createStripeProvider(options: StripeOptions): PaymentProvider {
  const { name, key, url, capturesMany } = options;
  const http = createStripeHttp(url ?? STRIPE_URL);
  const stripe = new Stripe(key, {
    httpClient: http.client,
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: LIBRARY_TIMEOUT_MS,
  });
  const { execute, isAvailable, noteUntold } = createProviderCalls(options);
  const desk = { stripe, capturesMany, noteUntold };
  const answerTo = (error: unknown) => {
    const untold = untoldCodeOf(error);
    if (untold !== null) noteUntold(untold, {});
    return answerOfStripeError(error);
  };
  const call = <Value>(operation: ProviderOperation, run: () => Promise<ProviderAnswer<Value>>) =>
    execute(operation, (signal) => http.until(signal, run).catch(answerTo));
  return {
    name,
    capturesMany,
    accepts: (cardToken) => CARD_TOKEN.test(cardToken),
    isAvailable,
    create: (request, of) => call('create', () => create(desk, request, of)),
    renew: (request, of) => call('renew', () => renew(desk, request, of)),
    confirm: (id, of) => call('confirm', () => confirm(desk, id, of)),
    read: (id) =>
      call('read', async () =>
        answered(desk, await stripe.paymentIntents.retrieve(id, { expand: WITH_CHARGE })),
      ),
    capture: (id, request, of) => call('capture', () => capture(desk, id, request, of)),
    release: (id, of) =>
      call('release', async () =>
        releaseOf(
          await answered(
            desk,
            await stripe.paymentIntents.cancel(id, { expand: WITH_CHARGE }, { idempotencyKey: of }),
          ),
        ),
      ),
    refund: (captureId, request, of) => call('refund', () => refund(desk, captureId, request, of)),
    report: (after) => call('report', () => report(desk, after)),
    close: http.close,
  };
}
