// The only reader of the environment.
import {
  jwkSetting,
  type RebuildSettings,
  readRestoreSettings,
  readSettings,
  rebuildSettings,
  subgraphSettings,
} from '@crossdock/subgraph-server';
import { z } from 'zod';

const providerKind = z.enum(['simulator', 'stripe']);
/** It stands in payments, metrics and the address of webhooks. */
const providerName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a lower-case word');
const providerUrl = z.url({ protocol: /^https?$/ });
const providerKey = z.string().min(1);
/** One, or several with spaces between, so that one can be replaced while both are good. */
const secretsIn = (text: string) => text.split(/\s+/).filter((secret) => secret !== '');
const webhookSecrets = z.string().transform(secretsIn);
/** What the specification of Standard Webhooks asks for at least. */
const WEBHOOK_KEY_BYTES_MIN = 24;
/** 128 bits at least, when every character is a hexadecimal digit. */
const DOCUMENT_SECRET_LENGTH_MIN = 32;
const documentSecrets = z.string().transform((text, context): readonly [string, ...string[]] => {
  const [first, ...others] = secretsIn(text);
  if (first !== undefined && [first, ...others].every(({ length }) => length >= DOCUMENT_SECRET_LENGTH_MIN))
    return [first, ...others];
  context.addIssue('must be 32 characters or more without a space, or several such with spaces between');
  return z.NEVER;
});
const providerCaptures = z.enum(['once', 'many']);

/** Seconds a call to a provider is tried before a person must act. */
const CALL_PATIENCE_S = 3_600;

/** Seconds before it dies that an authorisation is renewed: a day on which its provider may be down. */
const RENEW_BEFORE_S = 86_400;

const settings = subgraphSettings.extend({
  CARD_TOKEN_PRIVATE_JWK: jwkSetting,
  PAYMENT_PROVIDER: providerKind.optional(),
  PAYMENT_PROVIDER_NAME: providerName.optional(),
  PAYMENT_PROVIDER_URL: providerUrl.optional(),
  PAYMENT_PROVIDER_KEY: providerKey.optional(),
  PAYMENT_PROVIDER_WEBHOOK_SECRET: webhookSecrets.optional(),
  PAYMENT_PROVIDER_CAPTURES: providerCaptures.optional(),
  SECOND_PAYMENT_PROVIDER: providerKind.optional(),
  SECOND_PAYMENT_PROVIDER_NAME: providerName.optional(),
  SECOND_PAYMENT_PROVIDER_URL: providerUrl.optional(),
  SECOND_PAYMENT_PROVIDER_KEY: providerKey.optional(),
  SECOND_PAYMENT_PROVIDER_WEBHOOK_SECRET: webhookSecrets.optional(),
  SECOND_PAYMENT_PROVIDER_CAPTURES: providerCaptures.optional(),
  CALL_PATIENCE_S: z.coerce.number().int().min(1).default(CALL_PATIENCE_S),
  RENEW_BEFORE_S: z.coerce.number().int().min(1).default(RENEW_BEFORE_S),
  /** The first signs links to documents, and links of all are good. */
  DOCUMENT_SECRET: documentSecrets,
  /** Who sells, as it stands on invoices; the lines of the address are parted by `;` or line breaks. */
  SELLER_NAME: z.string().min(1).max(100).default('Crossdock'),
  SELLER_ADDRESS: z.string().max(500).optional(),
  /** From the beginning of one comparison of ledger, provider and shipments to the next; a day. */
  RECONCILE_EVERY_S: z.coerce.number().int().min(60).default(86_400),
});

type Given = z.infer<typeof settings>;

/** A card provider as configured. */
export type ProviderSettings = Readonly<{
  kind: z.infer<typeof providerKind>;
  name: string;
  /** Null only for a kind that has an address of its own. */
  url: string | null;
  key: string;
  /** Without any, its webhooks are refused. */
  webhookSecrets: readonly string[];
  /** False where the first capture ends an authorisation. */
  capturesMany: boolean;
}>;

/** Says what is wrong with a variable; its value is never repeated. */
type Refuse = (variable: keyof Given, problem: string) => void;
type Prefix = 'PAYMENT_PROVIDER' | 'SECOND_PAYMENT_PROVIDER';

const STANDARD_SECRET =
  /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/;

/** Stripe's secrets are no base64: their characters are the key. */
function webhookKeyBytes(kind: ProviderSettings['kind'], secret: string): number {
  const key = secret.replace(/^whsec_/, '');
  return Buffer.byteLength(key, kind === 'stripe' ? 'utf8' : 'base64');
}

function providerOf(given: Given, prefix: Prefix, refuse: Refuse): ProviderSettings {
  const kind = given[prefix] ?? 'simulator';
  const url = given[`${prefix}_URL`] ?? null;
  const key = given[`${prefix}_KEY`] ?? '';
  const secrets = given[`${prefix}_WEBHOOK_SECRET`] ?? [];
  const captures = given[`${prefix}_CAPTURES`] ?? (kind === 'stripe' ? 'once' : 'many');
  if (key === '') refuse(`${prefix}_KEY`, 'must be set');
  if (url === null && kind === 'simulator') refuse(`${prefix}_URL`, 'must be set for the provider simulator');
  if (url !== null && new URL(url).pathname !== '/')
    refuse(`${prefix}_URL`, 'must be an address without a path');
  if (kind === 'simulator' && !secrets.every((secret) => STANDARD_SECRET.test(secret)))
    refuse(`${prefix}_WEBHOOK_SECRET`, 'must be whsec_ and base64, or several with spaces between');
  else if (secrets.some((secret) => webhookKeyBytes(kind, secret) < WEBHOOK_KEY_BYTES_MIN))
    refuse(`${prefix}_WEBHOOK_SECRET`, `must have ${WEBHOOK_KEY_BYTES_MIN} bytes of key or more`);
  const name = given[`${prefix}_NAME`] ?? kind;
  return { kind, name, url, key, webhookSecrets: secrets, capturesMany: captures === 'many' };
}

const isSecondGiven = (given: Given) =>
  Object.entries(given).some(([name, value]) => name.startsWith('SECOND_') && value !== undefined);

function providersOf(given: Given, refuse: Refuse): ProviderSettings[] {
  const first = providerOf(given, 'PAYMENT_PROVIDER', refuse);
  if (!isSecondGiven(given)) return [first];
  const second = providerOf(given, 'SECOND_PAYMENT_PROVIDER', refuse);
  if (second.name === first.name)
    refuse('SECOND_PAYMENT_PROVIDER_NAME', 'must be set to another name than the first provider has');
  return [first, second];
}

const whole = settings.transform((given, context) => {
  const refuse: Refuse = (variable, message) =>
    void context.issues.push({ code: 'custom', path: [variable], message, input: undefined });
  return { ...given, providers: providersOf(given, refuse) };
});

export type Settings = z.infer<typeof whole>;

/** Ends the process with one sentence when the environment cannot work. */
export function loadSettings(): Settings {
  return readSettings(whole, process.env);
}

/** The one setting a migration needs. */
export function loadDatabaseUrl(): string {
  return readSettings(settings.pick({ DATABASE_URL: true }), process.env).DATABASE_URL;
}

/** The settings of a rebuild. */
export function loadRebuildSettings(): RebuildSettings {
  return readSettings(rebuildSettings, process.env);
}
/** What the command `restore-log` needs. */
export const loadRestoreSettings = () => readRestoreSettings(process.env);
