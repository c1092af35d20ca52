// Starts the WMS simulator from the environment; nothing else.
import { wmsConfig } from '../config.ts';
import { runProcess } from '../server/run-process.ts';
import { startWms } from './server.ts';

await runProcess(async () => startWms(wmsConfig()));
