// A WMS for every warehouse as one real HTTP server, after docs/wms.openapi.yaml: takes shipments, picks, asks Crossdock
// whether the goods may leave, and lets them go. It keeps no stock and chooses no warehouse.
import type { FastifyInstance } from 'fastify';
import type { WmsConfig } from '../config.ts';
import { HeldConnections } from '../faults/held-connections.ts';
import { openJournal } from '../journal/journal.ts';
import { requireBearer } from '../server/bearer.ts';
import { createFrame } from '../server/http-server.ts';
import { badInput, sendProblem } from '../server/problem.ts';
import type { RunningServer } from '../server/run-process.ts';
import { Confirmer } from './confirmer.ts';
import { crossdockClient } from './crossdock-client.ts';
import { WmsFaults, wmsFaultMode } from './fault-modes.ts';
import { parseWmsLine, type WmsEntry } from './journal-lines.ts';
import { PickBook } from './pick-book.ts';
import { PickingFloor } from './picking-floor.ts';
import { addWmsRoutes } from './routes.ts';
import { WarehouseTokens } from './warehouse-tokens.ts';

/** 200 shipments of some hundred lines. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
/** Calls that are out when the server stops may take so long to be answered. */
const LAST_CALLS_MS = 5_000;

export async function startWms(config: WmsConfig): Promise<RunningServer> {
  const book = new PickBook();
  const journal = await openJournal<WmsEntry>(config.JOURNAL_FILE, parseWmsLine, (line) => book.apply(line));
  const { LOG_LEVEL: logLevel } = config;
  const frame = createFrame({ logLevel, bodyLimitBytes: BODY_LIMIT_BYTES, journal });
  const { app, log, counters } = frame;
  const crossdock = crossdockClient(config.GATEWAY_URL);
  const tokens = new WarehouseTokens(config.WMS_TOKENS_FILE);
  const confirmer = new Confirmer({ book, journal, confirm: crossdock.confirm, tokens, log, counters });
  const faults = new WmsFaults(wmsFaultMode.parse({ mode: config.MODE }));
  const floor = new PickingFloor(config.PICK_MS, faults, (picks) => confirmer.enqueue(picks));
  const held = new HeldConnections();
  await app.register(async (scope) => {
    scope.addHook('onRequest', requireBearer(config.API_KEY));
    addWmsRoutes(scope, { book, journal, confirmer, floor, faults, held, counters });
    scope.get('/v1/journal', (_request, reply) => reply.type('application/x-ndjson').send(journal.read()));
    addFaultControl(scope, faults, floor);
  });
  app.addHook('preClose', (done) => {
    held.releaseAll();
    done();
  });
  app.addHook('onListen', async () => {
    confirmer.resume(book.openBatches());
    floor.take(book.picking(), Date.now());
  });
  const stop = async () => {
    await app.close();
    await confirmer.stop(LAST_CALLS_MS);
    await crossdock.close();
    await journal.close();
  };
  return { frame, host: config.HOST, port: config.PORT, stop };
}

function addFaultControl(scope: FastifyInstance, faults: WmsFaults, floor: PickingFloor): void {
  scope.get('/control/mode', () => faults.mode);
  scope.put('/control/mode', (request, reply) => {
    const mode = wmsFaultMode.safeParse(request.body);
    if (!mode.success) return sendProblem(reply, badInput(mode.error));
    faults.set(mode.data);
    floor.reconsider();
    return reply.send(faults.mode);
  });
}
