import { z } from 'zod';

/** Stripe's own limits: keys of metadata, characters of a key and of a value. */
const KEYS_MAX = 50;
const KEY_MAX_CHARACTERS = 40;
const VALUE_MAX_CHARACTERS = 500;

export const metadata = z
  .record(z.string().min(1).max(KEY_MAX_CHARACTERS), z.string().max(VALUE_MAX_CHARACTERS))
  .refine((given) => Object.keys(given).length <= KEYS_MAX, { message: `has more than ${KEYS_MAX} keys` });
export type Metadata = Readonly<z.infer<typeof metadata>>;

/** What only Stripe's shapes carry. It stands with the journal's line, so that a restart shows it again. */
export const stripeSide = z.object({
  /** As sent with this request; a later one adds to what the intent has. */
  metadata,
  customer: z.string().optional(),
  /** Asked for when the intent was created: without it, its first capture is its last. */
  capturesMany: z.boolean().optional(),
});
export type StripeSide = Readonly<z.infer<typeof stripeSide>>;
