// How subgraphs hear each other: relay, consumer and the worker that runs both under one lease. JetStream carries
// messages and is never the truth: whatever it loses is read again from the source's log.
export * from './bus.ts';
export * from './consumer.ts';
export * from './log-client.ts';
export * from './rebuild/command.ts';
export * from './rebuild/read-models.ts';
export * from './rebuild/rebuild.ts';
export * from './rehearsal.ts';
export * from './restore/command.ts';
export type { HistoryFold, HistoryPage } from './restore/history.ts';
export * from './restore/log-guard.ts';
export { createSliceQueue, type SliceQueue } from './slice-queue.ts';
export * from './worker.ts';
