// A provider at which the process dies: before the call leaves, or after it worked and before its answer is heard.
import type { PaymentProvider, ProviderAnswer } from '../src/ports.ts';

export type Step = 'create' | 'confirm' | 'capture' | 'release';
/** The steps of a refund. */
export type RefundStep = 'read' | 'refund';

export type DyingProvider = Readonly<{
  deadly: PaymentProvider;
  died: Promise<void>;
  /** Lets the dead go on, as a process that was only stopped would: long after another took its place. */
  revive: () => void;
}>;

export function dyingAt(
  provider: PaymentProvider,
  step: Step | RefundStep | 'renew',
  when: 'before' | 'after',
): DyingProvider {
  const death = Promise.withResolvers<void>();
  const revival = Promise.withResolvers<void>();
  async function die<Value>(call: () => Promise<ProviderAnswer<Value>>): Promise<ProviderAnswer<Value>> {
    const answer = when === 'after' ? await call() : null;
    death.resolve();
    await revival.promise;
    return answer ?? call();
  }
  const deadly: Record<Step | RefundStep | 'renew', PaymentProvider> = {
    create: { ...provider, create: (request, key) => die(() => provider.create(request, key)) },
    renew: { ...provider, renew: (request, key) => die(() => provider.renew(request, key)) },
    confirm: { ...provider, confirm: (id, key) => die(() => provider.confirm(id, key)) },
    read: { ...provider, read: (id) => die(() => provider.read(id)) },
    capture: { ...provider, capture: (id, request, key) => die(() => provider.capture(id, request, key)) },
    release: { ...provider, release: (id, key) => die(() => provider.release(id, key)) },
    refund: { ...provider, refund: (id, request, key) => die(() => provider.refund(id, request, key)) },
  };
  return { deadly: deadly[step], died: death.promise, revive: () => revival.resolve() };
}
