import {
  type RebuildSettings,
  readRestoreSettings,
  readSettings,
  rebuildSettings,
  type SubgraphSettings,
  subgraphSettings,
} from '@crossdock/subgraph-server';

export type InventorySettings = SubgraphSettings;

/** The settings of this process, checked; ends it with one sentence when they are not usable. */
export const readConfig = (): InventorySettings => readSettings(subgraphSettings, process.env);

/** The one setting a migration needs. */
export const readDatabaseUrl = (): string =>
  readSettings(subgraphSettings.pick({ DATABASE_URL: true }), process.env).DATABASE_URL;

/** The settings of a rebuild. */
export const readRebuildSettings = (): RebuildSettings => readSettings(rebuildSettings, process.env);
/** What the command `restore-log` needs. */
export const loadRestoreSettings = () => readRestoreSettings(process.env);
