// The only reader of the environment.
import {
  jwkSetting,
  type RebuildSettings,
  readRestoreSettings,
  readSettings,
  rebuildSettings,
  subgraphSettings,
} from '@crossdock/subgraph-server';
import { z } from 'zod';

const settings = subgraphSettings.extend({
  CARD_TOKEN_PRIVATE_JWK: jwkSetting,
  PAYMENT_PROVIDER_URL: z.url(),
  PAYMENT_PROVIDER_KEY: z.string().min(1),
  /** Signs links to documents: 128 bits at least, when every character is a hexadecimal digit. */
  DOCUMENT_SECRET: z.string().min(32),
  /** Who sells, as it stands on invoices; the lines of the address are parted by `;` or line breaks. */
  SELLER_NAME: z.string().min(1).max(100).default('Crossdock'),
  SELLER_ADDRESS: z.string().max(500).optional(),
});

export type Settings = z.infer<typeof settings>;

export function loadSettings(): Settings {
  return readSettings(settings, process.env);
}

/** The one setting a migration needs. */
export function loadDatabaseUrl(): string {
  return readSettings(settings.pick({ DATABASE_URL: true }), process.env).DATABASE_URL;
}

/** The settings of a rebuild. */
export function loadRebuildSettings(): RebuildSettings {
  return readSettings(rebuildSettings, process.env);
}
/** What the command `restore-log` needs. */
export const loadRestoreSettings = () => readRestoreSettings(process.env);
