// Starts the WMS simulator from the environment; nothing else.
import { setPriority } from 'node:os';
import { wmsConfig } from '../config.ts';
import { runProcess } from '../server/run-process.ts';
import { startWms } from './server.ts';

/** Unix niceness: real warehouses have machines of their own; this one leaves the platform's to it. */
const NICENESS = 10;

setPriority(NICENESS);
await runProcess(async () => startWms(wmsConfig()));
