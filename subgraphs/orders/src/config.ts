// The only reader of the environment.
import { jwkSetting, readSettings, subgraphSettings } from '@crossdock/subgraph-server';
import { z } from 'zod';
import { DEADLINES_S, type Deadlines } from './domain/deadline.ts';

/** Deadlines in seconds by status, such as {"PLACED": 90}; a status that is left out keeps its own. */
const deadlines = z.string().transform((text, context): Deadlines => {
  try {
    const seconds = z.number().positive().optional();
    const known = { PLACED: seconds, CONFIRMED: seconds, RELEASED: seconds, PARTIALLY_SHIPPED: seconds };
    const chosen = z.strictObject(known).parse(JSON.parse(text));
    return {
      PLACED: chosen.PLACED ?? DEADLINES_S.PLACED,
      CONFIRMED: chosen.CONFIRMED ?? DEADLINES_S.CONFIRMED,
      RELEASED: chosen.RELEASED ?? DEADLINES_S.RELEASED,
      PARTIALLY_SHIPPED: chosen.PARTIALLY_SHIPPED ?? DEADLINES_S.PARTIALLY_SHIPPED,
    };
  } catch {
    context.addIssue('is not a JSON object of seconds by status');
    return z.NEVER;
  }
});

const settings = subgraphSettings.extend({
  CARD_TOKEN_PUBLIC_JWK: jwkSetting,
  CURSOR_SECRET: z.string().min(16),
  ORDER_DEADLINES_S: deadlines.default(DEADLINES_S),
});

export type Settings = z.infer<typeof settings>;

export function loadSettings(): Settings {
  return readSettings(settings, process.env);
}

/** The one setting a migration needs. */
export function loadDatabaseUrl(): string {
  return readSettings(settings.pick({ DATABASE_URL: true }), process.env).DATABASE_URL;
}
