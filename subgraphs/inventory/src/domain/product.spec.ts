import { specification } from '@crossdock/event-sourcing';
import { it } from 'vitest';
import { type ProductDetails, productDecider } from './product.ts';

const given = specification(productDecider);
const mug: ProductDetails = {
  sku: 'MUG',
  name: 'Red mug',
  listPriceMinor: 295,
  currencyCode: 'GBP',
  casePack: 6,
  minOrderQuantity: 1,
  weightGrams: 310,
  lowStockThreshold: 0,
};
const registered = { type: 'ProductRegistered', data: mug } as const;
const upsert = (data: ProductDetails) => ({ type: 'UpsertProduct', data }) as const;

it('registers a product at the first word of it', () => {
  given().when(upsert(mug)).then(registered);
});

it('says nothing when nothing differs', () => {
  given(registered).when(upsert(mug)).then();
});

it('revises it when any detail differs', () => {
  const changes: Partial<ProductDetails>[] = [
    { name: 'Blue mug' },
    { listPriceMinor: 300 },
    { currencyCode: 'EUR' },
    { casePack: 12 },
    { minOrderQuantity: 2 },
    { weightGrams: 0 },
    { lowStockThreshold: 5 },
  ];
  for (const change of changes) {
    const revised = { ...mug, ...change };
    given(registered).when(upsert(revised)).then({ type: 'ProductRevised', data: revised });
    given(registered, { type: 'ProductRevised', data: revised }).when(upsert(revised)).then();
  }
});
