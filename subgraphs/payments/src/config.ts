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
  /** From the beginning of one comparison of ledger, provider and shipments to the next; a day. */
  RECONCILE_EVERY_S: z.coerce.number().int().min(60).default(86_400),
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
