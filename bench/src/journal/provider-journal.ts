import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** What the payment provider itself says it did with money, for whom. Amounts in minor units. */
const entry = z.object({
  kind: z.enum(['created', 'authorised', 'declined', 'captured', 'voided', 'expired', 'refunded']),
  authorizationId: z.string(),
  amountMinor: z.number(),
  reference: z.object({
    orderId: z.string(),
    purpose: z.string(),
    epoch: z.number().optional(),
    instance: z.string().optional(),
  }),
});
export type ProviderEntry = z.infer<typeof entry>;

/** Yields the provider's journal in its order; rejects on a line that is none, as money must not be skipped over. */
export async function* readProviderJournal(path: string): AsyncGenerator<ProviderEntry> {
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line !== '') yield entry.parse(JSON.parse(line));
  }
}
