import type { Wave } from '../domain/wave.ts';
import type { PaymentProvider, ProviderAnswer, ProviderAuthorisation, ProviderReference } from '../ports.ts';
import { type CardDesk, type CardTask, providerOf } from './card-desk.ts';

const PURPOSE = 'order';

/** What a provider answered to the creation; `refused` where nobody was asked and nobody will be. */
export type Created = Readonly<{ provider: PaymentProvider; answer: ProviderAnswer<ProviderAuthorisation> }>;
type Refused = Readonly<{ refused: string }>;

/**
 * Whom to ask with this card: the one this call was bound to, unless this very try bound it and another must or can do it now.
 * The other is committed before anything leaves. Null when the call waits for a person, or is not ours any more.
 */
async function chosen(
  desk: CardDesk,
  task: CardTask,
  cardToken: string,
): Promise<PaymentProvider | Refused | null> {
  const { provider: name, attempt, boundAttempt } = task.call;
  if (boundAttempt !== attempt) return providerOf(desk, task, { provider: name });
  const fitting = desk.providers.accepting(cardToken);
  if (fitting === null) return { refused: 'card_token_not_accepted' };
  const bound = desk.providers.named(name);
  const stays = bound?.accepts(cardToken) === true && (bound.isAvailable() || !fitting.isAvailable());
  if (bound !== null && stays) return bound;
  return (await desk.rebind(task, fitting.name)) ? fitting : null;
}

function referenceOf({ call }: CardTask, { wave: epoch }: Wave): ProviderReference {
  return { orderId: call.orderId, purpose: PURPOSE, epoch, instance: call.instance };
}

async function createdByToken(desk: CardDesk, task: CardTask, asked: Wave, sealed: string) {
  const cardToken = await desk.openCardToken(sealed);
  if (cardToken === null) return { refused: 'card_token_unreadable' };
  const provider = await chosen(desk, task, cardToken);
  if (provider === null || 'refused' in provider) return provider;
  const { currencyCode, grainMinor } = task.payment;
  const amountMinor = asked.reservedMinor;
  const request = { amountMinor, currencyCode: currencyCode ?? '', grainMinor, cardToken };
  const reference = referenceOf(task, asked);
  return { provider, answer: await provider.create({ ...request, reference }, keyOf(task)) };
}

/** The card is with the provider of the earlier authorisation, and no other can be asked. */
async function createdAnew(desk: CardDesk, task: CardTask, asked: Wave, earlier: Wave, renews: string) {
  const provider = await providerOf(desk, task, earlier);
  if (provider === null) return null;
  const { provider: bound, attempt, boundAttempt } = task.call;
  if (bound !== provider.name && boundAttempt === attempt && !(await desk.rebind(task, provider.name)))
    return null;
  const { currencyCode } = task.payment;
  const request = { amountMinor: asked.reservedMinor, currencyCode: currencyCode ?? '', renews };
  const reference = referenceOf(task, asked);
  return { provider, answer: await provider.renew({ ...request, reference }, keyOf(task)) };
}

function keyOf({ call }: CardTask): string {
  return `${call.providerKey}:create`;
}

/** The authorisation whose card is asked again: the one that is renewed, or any the order had where its token is forgotten. */
function earlierOf({ payment }: CardTask, { renews }: Wave): Wave | null {
  const { waves, sealedCardToken } = payment;
  if (renews !== null) return waves.find(({ wave }) => wave === renews) ?? null;
  if (sealedCardToken !== null) return null;
  const known = waves.filter((each) => each.providerAuthorisationId !== null && each.stage !== 'DECLINED');
  return known.at(-1) ?? null;
}

/** Creates the authorisation unconfirmed: it holds no money. Null when the call waits for a person, or is not ours any more. */
export async function createAuthorisation(
  desk: CardDesk,
  task: CardTask,
  asked: Wave,
): Promise<Created | Refused | null> {
  const earlier = earlierOf(task, asked);
  const renews = earlier?.providerAuthorisationId ?? null;
  if (earlier !== null && renews !== null) return createdAnew(desk, task, asked, earlier, renews);
  const sealed = task.payment.sealedCardToken;
  return sealed === null ? { refused: 'card_token_unreadable' } : createdByToken(desk, task, asked, sealed);
}
