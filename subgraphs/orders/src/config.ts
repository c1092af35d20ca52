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

const seconds = z.number().positive().optional();

/** Deadlines in seconds by status, such as {"PLACED": 90}; a status that is left out keeps its own. */
const deadlines = z.string().transform((text, context) => {
  try {
    const chosen = {
      ...{ PLACED: seconds, BACKORDERED: seconds, CONFIRMED: seconds },
      ...{ RELEASED: seconds, PARTIALLY_SHIPPED: seconds },
    };
    return z.strictObject(chosen).parse(JSON.parse(text));
  } catch {
    context.addIssue('is not a JSON object of seconds by status');
    return z.NEVER;
  }
});

const settings = subgraphSettings.extend({
  CARD_TOKEN_PUBLIC_JWK: jwkSetting,
  CURSOR_SECRET: z.string().min(16),
  ORDER_DEADLINES_S: deadlines.default({}),
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
