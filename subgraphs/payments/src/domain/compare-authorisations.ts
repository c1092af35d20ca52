import {
  type FoundAuthorisation,
  givesNoMore,
  isTakenByUs,
  isUnread,
  type OrderMoney,
  pendingCalls,
  takenMinorOf,
} from './order-money.ts';
import type { PaymentState } from './payment.ts';
import {
  amountIn,
  type Healing,
  NOTHING_HEALS,
  orderOf,
  type PaymentBreak,
  replayOf,
} from './payment-break.ts';
import { capturedFrom, isOver } from './shipment.ts';
import { securedOf, type Wave } from './wave.ts';

const HOLDS_FOR_NOTHING =
  'The provider holds money for nothing of ours. Void it at the provider, then close this.';
const CANNOT_BE_ENDED =
  'The provider holds money that was to be voided or told of. Replay the dead letter of the order, or void it at the provider.';
const LOST =
  'Money that the order still needs is held no more. Ask the partner for another payment, or do not ship; then close this.';
const ENDED =
  'Money that the order still needs is held no more: the authorisation ended. The card is asked for it again; wait for the next comparison.';
const OTHER_AMOUNT =
  'The provider holds another amount than was asked for. Correct it at the provider, then close this.';

function callsOfWave(money: OrderMoney, wave: number) {
  const ofWave = (instance: string) => instance === String(wave);
  const authorise = pendingCalls(money, 'authorise', ofWave);
  const release = pendingCalls(money, 'void', ofWave);
  return {
    isAsked: authorise.isAsked || release.isAsked,
    authorise,
    isHeld: authorise.held.length + release.held.length > 0,
  };
}

function strayOf(
  money: OrderMoney,
  found: FoundAuthorisation,
  healing: Healing | null,
  detail: string,
): PaymentBreak {
  const { id: subject, provider, amountMinor, currencyCode } = found;
  const amount = amountIn(currencyCode);
  const about = { kind: 'STRAY_AUTHORISATION', subject, orderId: orderOf(money), provider } as const;
  return { ...about, expected: amount(0), found: amount(amountMinor), detail, healing };
}

const releaseOf = ({ provider, id }: FoundAuthorisation): Healing => ({
  kind: 'release',
  provider,
  authorisationId: id,
});

/**
 * A live authorisation that no wave names. Nothing will ever be taken from it where its wave has another one or none, or the order
 * is closed. Where money was taken from it, or nobody knows what it is for, a person looks.
 */
function compareUnknown(money: OrderMoney, found: FoundAuthorisation): PaymentBreak[] {
  if (found.status !== 'AUTHORISED') return [];
  const { payment } = money;
  const epoch = found.reference?.epoch ?? 0;
  if (payment === null) return [strayOf(money, found, NOTHING_HEALS, HOLDS_FOR_NOTHING)];
  if (callsOfWave(money, epoch).isAsked) return [];
  const wave = payment.waves.find((each) => each.wave === epoch);
  const isSettledOtherwise =
    wave !== undefined &&
    (wave.providerAuthorisationId !== null || wave.stage === 'DECLINED' || wave.stage === 'VOIDED');
  const isNeedless = (payment.closed || isSettledOtherwise) && found.captures.length === 0;
  return [strayOf(money, found, isNeedless ? releaseOf(found) : NOTHING_HEALS, HOLDS_FOR_NOTHING)];
}

/** A live authorisation of ours whose wave has ended, or should end. */
function compareLive(money: OrderMoney, wave: Wave, found: FoundAuthorisation): PaymentBreak[] {
  const { isAsked, isHeld, authorise } = callsOfWave(money, wave.wave);
  if (found.status !== 'AUTHORISED' || wave.stage === 'AUTHORISED' || isAsked) return [];
  if (wave.stage === 'DECLINED' || wave.stage === 'VOIDED')
    return [
      strayOf(
        money,
        found,
        isHeld || wave.releaseGivenUp ? NOTHING_HEALS : releaseOf(found),
        HOLDS_FOR_NOTHING,
      ),
    ];
  const healing = wave.stage === 'REQUESTED' ? replayOf(authorise) : NOTHING_HEALS;
  return [strayOf(money, found, healing, CANNOT_BE_ENDED)];
}

/** What is still to be taken of a wave; 0 where the order is closed and nothing of it is on its way. */
function neededOf(
  { closed, shipments, waves }: PaymentState,
  wave: Wave,
  found: FoundAuthorisation | undefined,
): number {
  const isRenewed = !wave.renewalGivenUp && waves.some(({ renews }) => renews === wave.wave);
  if (wave.stage !== 'AUTHORISED' || isRenewed) return 0;
  if (closed && shipments.every(isOver)) return 0;
  const foundMinor = found === undefined ? 0 : takenMinorOf(found);
  return Math.max(0, securedOf(wave) - Math.max(capturedFrom(shipments, wave.wave), foundMinor));
}

/**
 * What died or was released at the provider gives nothing more, so that the card may be asked again; of anything else a person decides,
 * and so of one that somebody else took from.
 */
function lossOf(
  { shipments }: PaymentState,
  { wave, ended }: Wave,
  found: FoundAuthorisation | undefined,
): Pick<PaymentBreak, 'detail' | 'healing'> {
  const isEnd = found !== undefined && givesNoMore(found) && isTakenByUs(found, shipments, wave);
  if (ended || !isEnd) return { detail: LOST, healing: NOTHING_HEALS };
  const taken = found.captures.map(({ instance }) => instance);
  return { detail: ENDED, healing: { kind: 'ended', wave, taken } };
}

function compareStanding(
  money: OrderMoney,
  payment: PaymentState,
  wave: Wave,
  found: FoundAuthorisation | undefined,
): PaymentBreak[] {
  const subject = wave.providerAuthorisationId ?? '';
  const about = { subject, orderId: money.orderId, healing: NOTHING_HEALS };
  const amount = amountIn(payment.currencyCode);
  const neededMinor = neededOf(payment, wave, found);
  if (neededMinor > 0 && found?.status !== 'AUTHORISED' && !isBeingTaken(money, wave)) {
    const lost = {
      ...about,
      expected: amount(neededMinor),
      found: amount(0),
      ...lossOf(payment, wave, found),
    };
    return [{ kind: 'AUTHORISATION_LOST', ...lost }];
  }
  if (found === undefined || wave.stage !== 'AUTHORISED') return [];
  if (found.amountMinor === wave.authorisedMinor && found.currencyCode === payment.currencyCode) return [];
  const { amountMinor, currencyCode } = found;
  const differs = { expected: amount(wave.authorisedMinor), found: { amountMinor, currencyCode } };
  return [{ kind: 'AMOUNT_DIFFERS', ...about, ...differs, detail: OTHER_AMOUNT }];
}

/** A call that is out may have taken the rest, or may be about to renew it. */
function isBeingTaken(money: OrderMoney, wave: Wave): boolean {
  const capture = pendingCalls(money, 'capture', () => true);
  return capture.isAsked || capture.held.length > 0 || callsOfWave(money, wave.wave).isAsked;
}

/** Compares what providers hold with what is asked, needed and given up. Unconfirmed ones hold nothing and are left alone. */
export function compareAuthorisations(money: OrderMoney): PaymentBreak[] {
  const { authorisations, payment } = money;
  const waves = (payment?.waves ?? []).filter((wave) => wave.providerAuthorisationId !== null);
  const known = new Set(waves.map((wave) => wave.providerAuthorisationId));
  const breaks = authorisations
    .filter(({ id }) => !known.has(id))
    .flatMap((found) => compareUnknown(money, found));
  for (const wave of waves) {
    const found = authorisations.find(({ id }) => id === wave.providerAuthorisationId);
    if (found !== undefined) breaks.push(...compareLive(money, wave, found));
    if (payment !== null && !isUnread(money, wave.wave))
      breaks.push(...compareStanding(money, payment, wave, found));
  }
  return breaks;
}
