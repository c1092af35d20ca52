// Logs and metrics of every process, set up one way. It measures; it never decides.
export * from './logger.ts';
export * from './metrics.ts';
export * from './told-rarely.ts';
