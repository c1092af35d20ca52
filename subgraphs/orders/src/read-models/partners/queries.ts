// Partners as people read them.
import type { ReadDatabase } from '@crossdock/event-store';
import { and, asc, gt, ilike, inArray, or, type SQL } from 'drizzle-orm';
import { partners } from '../../store/tables.ts';

export type PartnerRecord = Readonly<{
  partnerId: string;
  name: string;
  currencyCode: string;
  shipTo: unknown;
}>;

const columns = {
  partnerId: partners.partnerId,
  name: partners.name,
  currencyCode: partners.currencyCode,
  shipTo: partners.shipTo,
};

export async function partnersByIds(
  database: ReadDatabase,
  ids: readonly string[],
): Promise<PartnerRecord[]> {
  return database
    .select(columns)
    .from(partners)
    .where(inArray(partners.partnerId, [...ids]));
}

export type PartnerSearch = Readonly<{
  /** null: every partner. */
  partnerIds: readonly string[] | null;
  text: string | null;
  after: string | null;
  limit: number;
}>;

/** By id; `text` matches a part of the name or the start of the id. */
export async function searchPartners(
  database: ReadDatabase,
  search: PartnerSearch,
): Promise<PartnerRecord[]> {
  if (search.partnerIds?.length === 0) return [];
  const found: (SQL | undefined)[] = [];
  if (search.partnerIds !== null) found.push(inArray(partners.partnerId, [...search.partnerIds]));
  if (search.after !== null) found.push(gt(partners.partnerId, search.after));
  if (search.text !== null) {
    const pattern = search.text.replace(/[\\%_]/g, (mark) => `\\${mark}`);
    found.push(or(ilike(partners.name, `%${pattern}%`), ilike(partners.partnerId, `${pattern}%`)));
  }
  return database
    .select(columns)
    .from(partners)
    .where(and(...found))
    .orderBy(asc(partners.partnerId))
    .limit(search.limit);
}
