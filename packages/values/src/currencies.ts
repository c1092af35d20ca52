import { type Refusal, refusal } from './error-codes.ts';

/** Places after the point of most currencies. */
const PLACES_MOST = 2;

// List one of ISO 4217 (https://www.six-group.com/en/products-services/financial-information/data-standards.html) as published
// on 2026-01-01, by places after the point. What it gives no places is no money to pay with (metals, XDR and the like).
const CODES_BY_PLACES: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
    CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
    KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
    NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
    TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

// Of list three, what was withdrawn since 2015: no new money comes in it, and what stands in it is still paid and given back. A code
// that list one loses comes here with its places.
const WITHDRAWN_BY_PLACES: Readonly<Record<number, string>> = {
  0: 'BYR',
  2: 'ANG BGN CUC HRK LTL MRO SLL STD VEF ZWL',
};

function placesByCode(codesByPlaces: Readonly<Record<number, string>>): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(codesByPlaces).flatMap(([places, codes]) =>
      codes.split(/\s+/).map((code) => [code, Number(places)] as const),
    ),
  );
}

const PLACES = placesByCode(CODES_BY_PLACES);
const PLACES_WITHDRAWN = placesByCode(WITHDRAWN_BY_PLACES);

/** True for a code of ISO 4217, in capitals, that people pay with. */
export function isCurrencyCode(text: string): boolean {
  return PLACES.has(text);
}

/** Places after the point of a currency's amounts, of one that was withdrawn too; 2 for what was never heard of. */
export function placesOf(currencyCode: string): number {
  return PLACES.get(currencyCode) ?? PLACES_WITHDRAWN.get(currencyCode) ?? PLACES_MOST;
}

/**
 * Why an amount that came under `field` is in no currency, or null. `standing` is the currency of what it is about, where that is
 * known: it is never refused, or a currency that is withdrawn would lock all that stands in it.
 */
export function refuseCurrency(
  currencyCode: string,
  field: readonly string[],
  standing: string | null = null,
): Refusal | null {
  if (currencyCode === standing || isCurrencyCode(currencyCode)) return null;
  return refusal('INVALID_INPUT', {
    message: 'The currency is a code of ISO 4217 in capitals, such as GBP.',
    field: [...field, 'currencyCode'],
  });
}
