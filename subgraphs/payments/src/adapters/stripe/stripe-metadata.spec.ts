import { describe, expect, it } from 'vitest';
import { captureMetadata, capturesIn, metadataOf, referenceOf } from './stripe-metadata.ts';

const SHIPMENT = '019b0f5e-7a53-7cc1-b1a9-0c4a6b0b7e11/12';

describe('our words in the metadata of Stripe', () => {
  it('keeps a reference whole', () => {
    const reference = { orderId: 'o1', purpose: 'order', epoch: 3, instance: '3' };
    expect(referenceOf(metadataOf(reference))).toEqual(reference);
    expect(referenceOf({ order_id: 'o1' })).toBeNull();
    expect(referenceOf({})).toBeNull();
  });

  it('names each capture under a key that Stripe takes, once for each instance', () => {
    const first = captureMetadata({ instance: SHIPMENT, amount: 4_000 });
    const second = captureMetadata({ instance: 's 2', amount: 1 });
    for (const key of Object.keys({ ...first, ...second })) expect(key).toMatch(/^capture_[0-9a-f]{32}$/);
    expect(
      capturesIn({
        ...metadataOf({ orderId: 'o1', purpose: 'order', epoch: 1, instance: '1' }),
        ...first,
        ...second,
      }),
    ).toEqual([
      { instance: SHIPMENT, amount: 4_000 },
      { instance: 's 2', amount: 1 },
    ]);
    expect(Object.keys({ ...first, ...captureMetadata({ instance: SHIPMENT, amount: 4_000 }) })).toHaveLength(
      1,
    );
  });

  it('believes no entry that somebody changed', () => {
    const [[key]] = Object.entries(captureMetadata({ instance: 's1', amount: 4_000 })) as [[string, string]];
    expect(capturesIn({ [key]: '4000 s2', capture_x: '1 s1', [`${key}0`]: '4000 s1' })).toEqual([]);
    expect(capturesIn({ [key]: 'four s1' })).toEqual([]);
  });
});
