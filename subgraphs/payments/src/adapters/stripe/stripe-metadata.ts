// Our words in the metadata of Stripe's objects: by them an operation is found again.
import { createHash } from 'node:crypto';
import type { ProviderReference } from '../../ports.ts';

export type Metadata = Readonly<Record<string, string>>;

/** A capture as the intent's metadata names it, in Stripe's units. */
export type NamedCapture = Readonly<{ instance: string; amount: number }>;

const CAPTURE_PREFIX = 'capture_';
/** With the prefix the 40 characters that a key of Stripe's metadata may have. */
const DIGEST_CHARACTERS = 32;
const CAPTURE = /^(\d{1,15}) (.+)$/;

export function metadataOf({ orderId, purpose, epoch, instance }: ProviderReference): Metadata {
  return { order_id: orderId, purpose, epoch: String(epoch), instance };
}

/** Null where the metadata is not ours. */
export function referenceOf(metadata: Metadata): ProviderReference | null {
  const { order_id: orderId, purpose, epoch, instance } = metadata;
  if (!orderId || purpose === undefined || instance === undefined) return null;
  return { orderId, purpose, epoch: Number(epoch), instance };
}

function keyOf(instance: string): string {
  const digest = createHash('sha256').update(instance).digest('hex');
  return `${CAPTURE_PREFIX}${digest.slice(0, DIGEST_CHARACTERS)}`;
}

/**
 * What a capture adds to the metadata of its intent, in the same request: captures have none of their own. One entry for
 * each instance, however often it is captured, so that a capture that happened twice shows as a wrong sum.
 */
export function captureMetadata({ instance, amount }: NamedCapture): Metadata {
  return { [keyOf(instance)]: `${amount} ${instance}` };
}

/** The captures that the metadata names; an entry that does not name what its key says names nothing. */
export function capturesIn(metadata: Metadata): NamedCapture[] {
  return Object.entries(metadata).flatMap(([key, value]) => {
    const [, amount, instance] = CAPTURE.exec(value) ?? [];
    if (!key.startsWith(CAPTURE_PREFIX) || instance === undefined || keyOf(instance) !== key) return [];
    return [{ instance, amount: Number(amount) }];
  });
}
