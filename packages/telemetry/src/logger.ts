import { type Logger, pino } from 'pino';

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

/** The process's logger: one JSON line an entry on stdout, secrets redacted. */
export function createLogger(name: string, level: string): Logger {
  return pino({ name, level, redact: { paths: REDACTED, censor: '[redacted]' } });
}
