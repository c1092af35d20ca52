import { seeded } from '@crossdock/testing';
import { isStorable } from '@crossdock/values';
import fastCheck from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Inventory, openInventory } from '../../test/inventory.ts';
import { joinedDocuments, textArray } from './array-literals.ts';

const fc = seeded(fastCheck);
let inventory: Inventory;

beforeAll(async () => {
  inventory = await openInventory();
});

afterAll(() => inventory.close());

it('hands over any texts unchanged', async () => {
  const awkward = ['', 'NULL', '"', '\\', '{}', 'a,b', ' ', '\u001f', '\u{1f600}', "'"];
  const texts = fc.array(
    fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'binary' }).filter(isStorable)),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (values) => {
      const [row] = await inventory.sql`SELECT ${textArray(values)}::text[] AS texts`;
      expect(row?.texts).toEqual(values);
    }),
  );
});

it('hands over any JSON documents unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.json()), async (documents) => {
      const [row] = await inventory.sql`
        SELECT string_to_array(${joinedDocuments(documents)}, chr(31)) AS texts`;
      expect(row?.texts).toEqual(documents);
    }),
  );
});
