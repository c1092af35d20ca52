import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

// Paths that may hold a secret wherever they turn up in a logged object.
const REDACTED = [
  'cardToken',
  '*.cardToken',
  'sealedCardToken',
  '*.sealedCardToken',
  'authorization',
  '*.authorization',
];

// What a database adds to an error: it may quote the row, the key or the text that was refused.
const QUOTING = ['detail', 'where', 'query', 'parameters', 'args'];
const PATHS = [
  ...REDACTED,
  ...QUOTING.flatMap((field) => [`err.${field}`, `err.aggregateErrors[*].${field}`]),
];

/** The process's logger: one JSON line an entry on stdout, secrets redacted; to `destination` instead in tests. */
export function createLogger(name: string, level: string, destination?: DestinationStream): Logger {
  const options = { name, level, redact: { paths: PATHS, censor: '[redacted]' } };
  return destination === undefined ? pino(options) : pino(options, destination);
}
