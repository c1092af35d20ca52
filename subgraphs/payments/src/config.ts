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

/** Seconds a call to a provider is tried before a person must act. */
const CALL_PATIENCE_S = 3_600;

/** Seconds before it dies that an authorisation is renewed: a day on which its provider may be down. */
const RENEW_BEFORE_S = 86_400;

const settings = subgraphSettings.extend({
  CARD_TOKEN_PRIVATE_JWK: jwkSetting,
  PAYMENT_PROVIDER_URL: z.url(),
  PAYMENT_PROVIDER_KEY: z.string().min(1),
  CALL_PATIENCE_S: z.coerce.number().int().min(1).default(CALL_PATIENCE_S),
  RENEW_BEFORE_S: z.coerce.number().int().min(1).default(RENEW_BEFORE_S),
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
