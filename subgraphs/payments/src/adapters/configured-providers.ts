import type { Logger, Registry } from '@crossdock/telemetry';
import type { Notices, PaymentProvider, Providers, ReadNotice } from '../ports.ts';
import { createStandardNotices } from './notices.ts';
import { createProviders } from './providers.ts';
import { createSimulatorProvider } from './simulator.ts';

/** One provider as the configuration names it. */
export type ConfiguredProvider = Readonly<{
  kind: 'simulator' | 'stripe';
  name: string;
  url: string | null;
  key: string;
  webhookSecrets: readonly string[];
  capturesMany: boolean;
}>;

type Tools = Readonly<{ logger: Logger; registry: Registry }>;
type Built = Readonly<{ provider: PaymentProvider; readNotice: ReadNotice }>;

function simulatorOf(
  { kind: _kind, url, webhookSecrets, ...settings }: ConfiguredProvider,
  tools: Tools,
): Built {
  if (url === null) throw new Error('The provider simulator needs an address');
  const provider = createSimulatorProvider({ ...settings, url, ...tools });
  return { provider, readNotice: createStandardNotices(webhookSecrets) };
}

/** Stripe's library weighs some 30 MB of memory: only who is configured for it loads it. */
async function stripeOf(
  { kind: _kind, webhookSecrets, ...settings }: ConfiguredProvider,
  tools: Tools,
): Promise<Built> {
  const { createStripeProvider } = await import('./stripe/stripe.ts');
  const { createStripeNotices } = await import('./stripe/stripe-notices.ts');
  const provider = createStripeProvider({ ...settings, ...tools });
  return { provider, readNotice: createStripeNotices(webhookSecrets) };
}

/** Builds every configured provider, the preferred one first, and the readers of webhooks of those that have a secret. */
export async function configureProviders(
  configured: readonly ConfiguredProvider[],
  tools: Tools,
): Promise<Readonly<{ providers: Providers; notices: Notices }>> {
  const built = await Promise.all(
    configured.map(async (each) => ({
      ...(each.kind === 'stripe' ? await stripeOf(each, tools) : simulatorOf(each, tools)),
      hasSecret: each.webhookSecrets.length > 0,
    })),
  );
  const readable = built.filter(({ hasSecret }) => hasSecret);
  return {
    providers: createProviders(built.map(({ provider }) => provider)),
    notices: new Map(readable.map(({ provider, readNotice }) => [provider.name, readNotice])),
  };
}
