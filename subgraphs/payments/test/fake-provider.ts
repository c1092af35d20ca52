// The one in-memory fake of the port `PaymentProvider`. The contract suite holds it to what the real one does.
import type {
  AuthorisationRequest,
  CaptureRequest,
  PaymentProvider,
  ProviderAnswer,
  ProviderAuthorisation,
  ProviderCapture,
  ProviderReference,
  RefundRequest,
} from '../src/ports.ts';

type Held = {
  status: ProviderAuthorisation['status'];
  cardToken: string;
  amountMinor: number;
  currencyCode: string;
  reference: ProviderReference;
  captures: ProviderCapture[];
};

const refused = (reason: string) => ({ kind: 'refused', reason }) as const;
const conflict = { kind: 'unknown', reason: 'unexpected_state' } as const;

function viewOf(id: string, held: Held): ProviderAuthorisation {
  const { status, amountMinor, currencyCode, reference, captures } = held;
  const declineReason = status === 'DECLINED' ? 'card_declined' : null;
  return { id, status, amountMinor, currencyCode, declineReason, reference, expiresAt: null, captures };
}

type Books = Readonly<{
  authorisations: Map<string, Held>;
  answers: Map<string, ProviderAnswer<unknown>>;
}>;

/** Each key is executed once; a refusal stores nothing under it. */
async function once<Value>(
  { answers }: Books,
  key: string,
  execute: () => ProviderAnswer<Value>,
): Promise<ProviderAnswer<Value>> {
  const known = answers.get(key);
  // Whatever stands under a key was the answer to the same method.
  if (known !== undefined) return known as ProviderAnswer<Value>;
  const answer = execute();
  if (answer.kind === 'done') answers.set(key, answer);
  return answer;
}

function on<Value>(
  books: Books,
  id: string,
  act: (held: Held) => ProviderAnswer<Value>,
): ProviderAnswer<Value> {
  const held = books.authorisations.get(id);
  return held === undefined ? refused('unknown_authorization') : act(held);
}

function created(
  { authorisations }: Books,
  { cardToken, amountMinor, currencyCode, reference }: AuthorisationRequest,
): ProviderAnswer<ProviderAuthorisation> {
  if (!cardToken.startsWith('tok_')) return refused('invalid_card_token');
  const id = `auth_${authorisations.size + 1}`;
  const status = 'REQUIRES_CONFIRMATION';
  const held: Held = { status, cardToken, amountMinor, currencyCode, reference, captures: [] };
  authorisations.set(id, held);
  return { kind: 'done', value: viewOf(id, held) };
}

function confirmed(id: string, held: Held): ProviderAnswer<ProviderAuthorisation> {
  if (held.status !== 'REQUIRES_CONFIRMATION') return conflict;
  held.status = held.cardToken === 'tok_declined' ? 'DECLINED' : 'AUTHORISED';
  return { kind: 'done', value: viewOf(id, held) };
}

function captured(held: Held, { amountMinor, final, reference }: CaptureRequest): ProviderAnswer<null> {
  if (held.status !== 'AUTHORISED') return conflict;
  const taken = held.captures.reduce((sum, each) => sum + each.amountMinor, amountMinor);
  if (taken > held.amountMinor) return refused('amount_exceeds_authorised');
  const { instance } = reference;
  held.captures.push({ id: `cap_${reference.orderId}_${instance}`, instance, amountMinor, refunds: [] });
  if (final || taken === held.amountMinor) held.status = 'CAPTURED';
  return { kind: 'done', value: null };
}

function refunded(
  { authorisations }: Books,
  captureId: string,
  { amountMinor, reference }: RefundRequest,
): ProviderAnswer<null> {
  for (const held of authorisations.values()) {
    const at = held.captures.findIndex(({ id }) => id === captureId);
    const capture = held.captures[at];
    if (capture === undefined) continue;
    const given = capture.refunds.reduce((sum, each) => sum + each.amountMinor, amountMinor);
    if (given > capture.amountMinor) return refused('amount_exceeds_captured');
    const { instance } = reference;
    const refund = { id: `ref_${instance}_${capture.refunds.length}`, instance, amountMinor };
    held.captures[at] = { ...capture, refunds: [...capture.refunds, refund] };
    return { kind: 'done', value: null };
  }
  return refused('unknown_capture');
}

function released(id: string, held: Held): ProviderAnswer<ProviderAuthorisation> {
  if (held.status !== 'AUTHORISED' && held.status !== 'REQUIRES_CONFIRMATION') return conflict;
  held.status = held.captures.length > 0 ? 'CAPTURED' : 'VOIDED';
  return { kind: 'done', value: viewOf(id, held) };
}

export function createFakeProvider(): PaymentProvider {
  const books: Books = { authorisations: new Map(), answers: new Map() };
  return {
    name: 'fake',
    capturesMany: true,
    accepts: (cardToken) => cardToken.startsWith('tok_'),
    isAvailable: () => true,
    create: (request, key) => once(books, key, () => created(books, request)),
    renew: ({ renews, ...request }, key) =>
      once(books, key, () => on(books, renews, ({ cardToken }) => created(books, { ...request, cardToken }))),
    confirm: (id, key) => once(books, key, () => on(books, id, (held) => confirmed(id, held))),
    read: async (id) => on(books, id, (held) => ({ kind: 'done', value: viewOf(id, held) })),
    capture: (id, request, key) => once(books, key, () => on(books, id, (held) => captured(held, request))),
    release: (id, key) => once(books, key, () => on(books, id, (held) => released(id, held))),
    refund: (captureId, request, key) => once(books, key, () => refunded(books, captureId, request)),
    report: async () => {
      const authorisations = [...books.authorisations].map(([id, held]) => viewOf(id, held));
      return { kind: 'done', value: { authorisations, next: null } };
    },
    close: async () => undefined,
  };
}
