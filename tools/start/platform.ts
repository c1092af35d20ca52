/**
 * Runs the whole platform on this machine: servers, tables, simulators, subgraphs, gateway, each kept alive until it
 * is stopped. It seeds nothing and prints only through the progress it is given.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { portIsFree } from '../infrastructure/free-port.ts';
import { type KeptAlive, keptAlive } from '../infrastructure/keep-alive.ts';
import { PlainFailure, plainFailureOf } from '../infrastructure/plain-failure.ts';
import { type Servers, startServers } from '../infrastructure/servers.ts';
import { ROOT } from '../repository.ts';
import { AUDIENCE, ISSUER } from '../token/client-token.ts';
import { type Keys, keysOf } from '../token/keys.ts';
import { lockDataFolder } from './data-lock.ts';
import { earlierRunEnded, forgetEarlierRuns } from './earlier-run.ts';
import type { Progress } from './progress.ts';
import { type RunFile, removeRunFile, writeRunFile } from './run-file.ts';
import { type RunningProcesses, runningProcesses } from './running-processes.ts';
import { type Service, startService } from './service.ts';
import { planServices, type Services, SUPERGRAPH_FILE } from './services.ts';
import { prepareTables } from './tables.ts';

export interface PlatformOptions {
  readonly dataFolder: string;
  readonly gatewayPort: number;
  readonly warehouseIds: readonly string[];
  /** Forget what earlier runs kept in the data folder. */
  readonly fresh: boolean;
  readonly progress: Progress;
  /** False only for tests, whose data need not outlive a power cut. */
  readonly fsync: boolean;
  /** Aborting it ends a start that is under way. */
  readonly signal: AbortSignal;
}

export interface Platform {
  readonly gatewayUrl: string;
  readonly keys: Keys;
  /** What stands in run.json now. */
  readonly run: () => RunFile;
  /** Stops everything in order: gateway, subgraphs, simulators, servers. */
  readonly stop: () => Promise<void>;
  /** Ends everything at once, by force. */
  readonly kill: () => void;
}

/** A part of a run that must be ended; parts end in the reverse order of their start. */
interface Stage {
  readonly stop: () => Promise<unknown>;
}

/** Starts everything; when a part fails, what was started is stopped again. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { dataFolder } = options;
  const unlock = await failingPlainly(dataFolder, async () => lockDataFolder(dataFolder));
  const stages: Stage[] = [{ stop: async () => unlock() }];
  const stop = async () => {
    for (const stage of stages.splice(0).reverse()) await stage.stop();
  };
  try {
    await earlierRunEnded(dataFolder, options.progress.say);
    await mustBeFree(options.gatewayPort);
    if (options.fresh) await failingPlainly(dataFolder, async () => forgetEarlierRuns(dataFolder));
    const processes = runningProcesses(options.progress.say, options.signal);
    stages.push({ stop: async () => removeRunFile(dataFolder) });
    stages.push({ stop: async () => processes.dismissGuard() });
    const platform = await failingPlainly(dataFolder, () => startStages(options, processes, stages));
    return { ...platform, stop, kill: processes.kill };
  } catch (error) {
    await stop();
    throw options.signal.aborted ? new PlainFailure('Stopped before it was ready.') : error;
  }
}

async function startStages(
  options: PlatformOptions,
  processes: RunningProcesses,
  stages: Stage[],
): Promise<Pick<Platform, 'gatewayUrl' | 'keys' | 'run'>> {
  const { dataFolder, progress } = options;
  const logFolder = madeFolders(dataFolder);
  const keys = await keysOf(dataFolder);
  const servers = await progress.step('Servers (PostgreSQL, NATS, Redis)', () =>
    startServers({
      folder: dataFolder,
      logFolder,
      say: progress.say,
      databasePassword: keys.secrets.databasePassword,
      fsync: options.fsync,
      withDatabases: true,
      keeper: processes.watch,
    }),
  );
  stages.push(servers);
  const services = await planServices({ ...options, keys, servers });
  await progress.step('Tables and schema', () =>
    Promise.all([composeIfMissing(), prepareTables(services.subgraphs, servers, logFolder, processes)]),
  );
  const run = () => runFileOf(services, servers, processes.pids);
  await progress.step('Simulators, subgraphs, gateway', (note) =>
    startAll(services, logFolder, processes, stages, note),
  );
  processes.onChange(() => writeRunFile(dataFolder, run()));
  return { gatewayUrl: services.gatewayUrl, keys, run };
}

/** Starts all services at once; the first that fails ends the waiting for the others. */
async function startAll(
  { simulators, subgraphs, gateway }: Services,
  logFolder: string,
  processes: RunningProcesses,
  stages: Stage[],
  note: (text: string) => void,
): Promise<void> {
  const all = [...simulators, ...subgraphs, gateway];
  const failing = new AbortController();
  const watch = { ...processes.watch, signal: AbortSignal.any([processes.watch.signal, failing.signal]) };
  let ready = 0;
  const startOne = async (service: Service): Promise<KeptAlive> => {
    const kept = await keptAlive(service.name, (birth) => startService(service, logFolder, birth), watch);
    ready += 1;
    note(`${ready} of ${all.length}`);
    return kept;
  };
  const startGroup = (group: readonly Service[]) => {
    const started = group.map(startOne);
    for (const start of started) start.catch(() => failing.abort());
    stages.push({
      stop: () => Promise.all(started.map(async (start) => (await start.catch(() => undefined))?.stop())),
    });
    return started;
  };
  await Promise.all([simulators, subgraphs, [gateway]].flatMap(startGroup));
}

/** Makes the folders of a run; answers that of the logs. */
function madeFolders(data: string): string {
  const logs = join(data, 'logs');
  for (const folder of [logs, join(data, 'journals')]) mkdirSync(folder, { recursive: true });
  // The logs of one earlier run are kept, so that they do not grow for ever.
  for (const name of readdirSync(logs).filter((file) => /^[a-z-]+[.]log$/.test(file))) {
    renameSync(join(logs, name), join(logs, name.replace(/log$/, 'previous.log')));
  }
  return logs;
}

function runFileOf(services: Services, servers: Servers, pids: ReadonlyMap<string, number>): RunFile {
  const { gatewayUrl, subgraphUrls, simulatorUrls, journals } = services;
  const { databaseUrls, natsUrl, redisUrl } = servers;
  const addresses = { gatewayUrl, databaseUrls, natsUrl, redisUrl, subgraphUrls, simulatorUrls, journals };
  return { ...addresses, pids: Object.fromEntries(pids), issuer: ISSUER, audience: AUDIENCE };
}

async function composeIfMissing(): Promise<void> {
  if (existsSync(SUPERGRAPH_FILE)) return;
  const composed = spawnSync(process.execPath, [join(ROOT, 'tools/compose/main.ts')], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (composed.status === 0) return;
  throw new PlainFailure(
    `The schema does not compose; \`npm run compose\` says why:\n${composed.stderr.trim()}`,
  );
}

async function mustBeFree(port: number): Promise<void> {
  if (await portIsFree(port)) return;
  throw new PlainFailure(
    `Port ${port} is taken: choose another, such as \`npm start -- --port ${port + 100}\`.`,
  );
}

async function failingPlainly<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw plainFailureOf(error, folder);
  }
}
