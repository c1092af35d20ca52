import { type DestinationStream, type Logger, pino } from 'pino';
import { SECRET_PATHS, withoutSecrets, withoutSecretsAtTop } from './secrets.ts';

export type { Logger };

/** The process's logger: one JSON line an entry on stdout (or elsewhere), secrets redacted at every level. */
export function createLogger(
  name: string,
  level: string,
  to: DestinationStream = pino.destination(1),
): Logger {
  // pino's own wildcards reach one level each; its censor sees whole values, after their serializers.
  const censor = (value: unknown, [field]: readonly (string | symbol)[]) => withoutSecrets(value, field);
  const redact = { paths: [...SECRET_PATHS, '*'], censor };
  return pino({ name, level, redact, formatters: { log: withoutSecretsAtTop } }, to);
}
