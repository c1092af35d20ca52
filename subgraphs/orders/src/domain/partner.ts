import { CODE_LENGTH_MAX, isCurrencyCode, isText, type Refusal, refusal } from '@crossdock/values';
import { type Address, checkAddress } from './request.ts';

const NAME_LENGTH_MAX = 200;

/** One partner as the ERP sends it. */
export type PartnerRow = Readonly<{
  id: string;
  name: string;
  currencyCode: string;
  shipTo: Address | null;
  paymentMethods: readonly ('TERMS' | 'CARD')[];
}>;

/** A partner as it stands. */
export type StandingPartner = Readonly<{
  name: string;
  currencyCode: string;
  shipTo: object | null;
  paymentMethods: readonly string[];
  version: number;
}>;

export type PartnerDecision =
  | Readonly<{ type: 'PartnerRegistered' | 'PartnerRevised'; version: number }>
  | Readonly<{ type: 'unchanged' }>
  | Readonly<{ type: 'refused'; refusals: readonly Refusal[] }>;

/** Decides one row against what stands. */
export function decidePartner(
  row: PartnerRow,
  standing: StandingPartner | null,
  ...field: string[]
): PartnerDecision {
  const refusals = checkPartner(row, standing, field);
  if (standing !== null && standing.currencyCode !== row.currencyCode) {
    const message = "A partner's currency cannot change.";
    refusals.push(refusal('CURRENCY_MISMATCH', { message, field: [...field, 'currencyCode'] }));
  }
  if (refusals.length > 0) return { type: 'refused', refusals };
  if (standing === null) return { type: 'PartnerRegistered', version: 1 };
  if (isSame(row, standing)) return { type: 'unchanged' };
  return { type: 'PartnerRevised', version: standing.version + 1 };
}

function isSame(row: PartnerRow, standing: StandingPartner): boolean {
  return (
    row.name === standing.name &&
    row.paymentMethods.join() === standing.paymentMethods.join() &&
    canonical(row.shipTo) === canonical(standing.shipTo)
  );
}

function canonical(address: object | null): string {
  if (address === null) return '';
  const present = Object.entries(address).filter(([, value]) => value !== null && value !== undefined);
  return JSON.stringify(present.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function checkPartner(
  row: PartnerRow,
  standing: StandingPartner | null,
  field: readonly string[],
): Refusal[] {
  const refusals: Refusal[] = [];
  const invalid = (name: string, message: string) =>
    refusals.push(refusal('INVALID_INPUT', { message, field: [...field, name] }));
  if (!isText(row.id, CODE_LENGTH_MAX)) invalid('id', `id has 1 to ${CODE_LENGTH_MAX} characters.`);
  if (!isText(row.name, NAME_LENGTH_MAX)) invalid('name', `name has 1 to ${NAME_LENGTH_MAX} characters.`);
  // Its currency cannot change: one that was withdrawn would keep a partner from every other change.
  if (row.currencyCode !== standing?.currencyCode && !isCurrencyCode(row.currencyCode))
    invalid('currencyCode', 'currencyCode is an ISO 4217 code such as GBP.');
  if (row.paymentMethods.length === 0) invalid('paymentMethods', 'A partner pays in at least one way.');
  if (row.shipTo !== null) refusals.push(...checkAddress(row.shipTo, ...field, 'shipTo'));
  return refusals;
}
