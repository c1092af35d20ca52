import {
  type RebuildSettings,
  readRestoreSettings,
  readSettings,
  rebuildSettings,
  subgraphSettings,
} from '@crossdock/subgraph-server';
import { z } from 'zod';

const settings = subgraphSettings.extend({
  WMS_URL: z.url({ protocol: /^https?$/ }),
  WMS_KEY: z.string().min(8),
});

export type FulfillmentSettings = z.infer<typeof settings>;

/** The process's settings; ends it with a sentence when they cannot be used. */
export function readFulfillmentSettings(): FulfillmentSettings {
  return readSettings(settings, process.env);
}

/** The settings of a rebuild. */
export function readRebuildSettings(): RebuildSettings {
  return readSettings(rebuildSettings, process.env);
}
/** What the command `restore-log` needs. */
export const loadRestoreSettings = () => readRestoreSettings(process.env);
