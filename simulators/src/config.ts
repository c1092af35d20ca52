// The environment of both simulators, validated once at the start. Nothing else reads process.env.
import { z } from 'zod';
import { PAYMENT_FAULTS } from './payment-provider/fault-modes.ts';
import { VALID_MS_MAX } from './payment-provider/terms.ts';
import { WEBHOOK_STYLES } from './payment-provider/webhooks/event-bodies.ts';
import { InvalidConfiguration } from './server/run-process.ts';
import { WMS_FAULTS } from './wms/fault-modes.ts';

const everyServer = {
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  JOURNAL_FILE: z.string().min(1),
  API_KEY: z.string().min(8),
};

/** Seven days, as card networks commonly have it. */
const AUTHORISATION_VALID_MS = 7 * 24 * 3_600_000;

const paymentProvider = z
  .object({
    ...everyServer,
    MODE: z.enum(PAYMENT_FAULTS).default('none'),
    /** Time from the card's yes to the release of what is not captured by then. */
    AUTHORISATION_VALID_MS: z.coerce.number().int().min(1).max(VALID_MS_MAX).default(AUTHORISATION_VALID_MS),
    /** Every first capture ends its authorisation. */
    CAPTURES_ONCE: z
      .enum(['true', 'false'])
      .default('false')
      .transform((said) => said === 'true'),
    /** Who is told of what happens; nobody without it. */
    WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** What webhooks are signed with: 24 bytes or more. */
    WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'must be whsec_ and base64')
      .optional(),
    WEBHOOK_STYLE: z.enum(WEBHOOK_STYLES).default('standard'),
  })
  .refine((set) => (set.WEBHOOK_URL === undefined) === (set.WEBHOOK_SECRET === undefined), {
    path: ['WEBHOOK_SECRET'],
    message: 'comes with WEBHOOK_URL or not at all',
  });

const wms = z.object({
  ...everyServer,
  MODE: z.enum(WMS_FAULTS).default('none'),
  GATEWAY_URL: z.url({ protocol: /^https?$/ }),
  WMS_TOKENS_FILE: z.string().min(1),
  /** Time from accepting a shipment to confirming it. */
  PICK_MS: z.coerce.number().int().min(0).max(86_400_000).default(0),
});

export type PaymentProviderConfig = z.infer<typeof paymentProvider>;
export type WmsConfig = z.infer<typeof wms>;

export function paymentProviderConfig(): PaymentProviderConfig {
  return readEnvironment(paymentProvider);
}

export function wmsConfig(): WmsConfig {
  return readEnvironment(wms);
}

function readEnvironment<Config>(schema: z.ZodType<Config>): Config {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`);
  throw new InvalidConfiguration(`Set these environment variables: ${faults.join(', ')}.`);
}
