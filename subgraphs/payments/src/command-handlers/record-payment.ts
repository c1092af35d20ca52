import type { FactData } from '@crossdock/contracts';
import { awaitTwin, faultKind, fingerprint, newId, type Sql } from '@crossdock/event-store';
import { canonicalMoney, type Refusal } from '@crossdock/values';
import { isPartnerCode } from '../domain/credit-limit.ts';
import { parseInvoiceNumber } from '../domain/invoice.ts';
import {
  decideSettlement,
  NAMED_INVOICES_MAX,
  type NamedInvoice,
  type ReceivedPayment,
} from '../domain/settlement.ts';
import type { Poke } from '../ports.ts';
import { type KeyVerdict, loadCredit } from '../store/credit-accounts.ts';
import type { KnownPartner } from '../store/partners.ts';
import {
  checkPaymentKey,
  invoicesNumbered,
  recordSettlement,
  type SettledPart,
  type SettlementWrite,
} from '../store/settlements.ts';
import { arrivedPartners } from './arrived-partners.ts';

/** Rounds a payment is decided again because its account changed meanwhile. */
const ROUNDS_MAX = 5;
const DAY_MS = 86_400_000;
const SYSTEM_SCOPE = 'system';

export type RecordPayment = ReceivedPayment &
  Readonly<{ idempotencyKey: string; actor: string; traceparent: string | null }>;

/** `verdict` is NEW when booked now, REFUSED when nothing was, else what stands under the key. */
export type PaymentOutcome = Readonly<{
  verdict: 'NEW' | 'REFUSED' | 'REPLAYED' | 'KEY_REUSED' | 'IN_FLIGHT';
  settled: readonly SettledPart[];
  refusal: Refusal | null;
}>;

type Booked = Readonly<{ amountMinor: number; currencyCode: string; first: readonly number[] }>;

function writeOf(command: RecordPayment, partition: number, booked: Booked): SettlementWrite {
  const { partnerId, reference, receivedOn } = command;
  const settlementId = newId();
  const { amountMinor, currencyCode, first } = booked;
  const data: FactData<'payments', 'PaymentReceived'> = {
    ...{ partnerId, settlementId, amountMinor, currencyCode, reference },
  };
  const metadata = {
    actor: command.actor,
    ...(command.traceparent === null ? {} : { traceparent: command.traceparent }),
  };
  return { ...data, partition, eventId: newId(), receivedOn, first, data, metadata };
}

async function namedInvoices(sql: Sql, texts: readonly string[]): Promise<Map<string, NamedInvoice>> {
  const named = texts.slice(0, NAMED_INVOICES_MAX).map((text) => [text, parseInvoiceNumber(text)] as const);
  const numbers = named.flatMap(([, number]) => (number === null ? [] : [number]));
  const found = new Map((await invoicesNumbered(sql, numbers)).map((each) => [each.number, each]));
  return new Map(
    named.flatMap(([text, number]) => {
      const invoice = number === null ? undefined : found.get(number);
      return invoice === undefined ? [] : [[text, invoice] as const];
    }),
  );
}

type Payer = Readonly<{ partner: KnownPartner | null; unappliedMinor: number }>;

/** The partner with the currency of its account, which stands even where the partner's was revised since. */
async function standingPayer(sql: Sql, partnerId: string): Promise<Payer> {
  if (!isPartnerCode(partnerId)) return { partner: null, unappliedMinor: 0 };
  const partner = (await arrivedPartners(sql, [partnerId])).get(partnerId) ?? null;
  const [credit] = await loadCredit(sql, [partnerId]);
  if (partner === null || credit === undefined) return { partner, unappliedMinor: 0 };
  const { account, unappliedMinor } = credit;
  return { partner: { ...partner, currencyCode: account.currencyCode }, unappliedMinor };
}

function outcomeOf({ verdict, result }: KeyVerdict): PaymentOutcome {
  // The stored result is what `credit_record_payment` wrote.
  return { verdict, settled: result === null ? [] : (JSON.parse(result) as SettledPart[]), refusal: null };
}

async function decideAndWrite(sql: Sql, command: RecordPayment, print: string): Promise<PaymentOutcome> {
  const key = { scope: SYSTEM_SCOPE, key: command.idempotencyKey, fingerprint: print };
  const standing = await checkPaymentKey(sql, key);
  if (standing.verdict !== 'NEW') return outcomeOf(standing);
  const invoices = await namedInvoices(sql, command.invoiceNumbers);
  for (let round = 1; ; round += 1) {
    const { partner, unappliedMinor } = await standingPayer(sql, command.partnerId);
    const currencyCode = partner?.currencyCode ?? null;
    const tomorrow = new Date(Date.now() + DAY_MS).toISOString().slice(0, 'YYYY-MM-DD'.length);
    const decided = decideSettlement(command, { currencyCode, unappliedMinor, tomorrow, invoices });
    if (decided.type === 'refused') return { verdict: 'REFUSED', settled: [], refusal: decided.refusal };
    try {
      return outcomeOf(await recordSettlement(sql, key, writeOf(command, partner?.partition ?? 0, decided)));
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || round >= ROUNDS_MAX) throw error;
    }
  }
}

/** Books money that came from a partner and settles its invoices; a repeated request is answered as before. */
export function createRecordPayment(options: Readonly<{ sql: Sql; poke: Poke }>) {
  return async (command: RecordPayment): Promise<PaymentOutcome> => {
    const { partnerId, amount, reference, receivedOn, invoiceNumbers } = command;
    const print = fingerprint({
      ...{ partnerId, reference, receivedOn, invoiceNumbers },
      amount: canonicalMoney(amount),
    });
    const outcome = await awaitTwin(
      () => decideAndWrite(options.sql, command, print),
      ({ verdict }) => verdict === 'IN_FLIGHT',
    );
    if (outcome.verdict === 'NEW') options.poke();
    return outcome;
  };
}
