import { beforeAll, describe, expect, it } from 'vitest';
import { MUTATIONS, type Mutation } from './hostile/mutations.ts';
import { IMPOSSIBLE_TEXTS, ODD_TEXTS, type Place, placesOfTexts, withValueAt } from './hostile/texts.ts';
import { failuresOf, faultsOfRefusal, indiscretions } from './hostile/verdict.ts';
import { type CallerName, enterPlatform, type World } from './platform/callers.ts';

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
});

type Spoiled = Readonly<{ name: string; place: Place; text: string }>;

/** Each text at each place of a mutation's input. */
function* spoiledTexts(mutation: Mutation, texts: Readonly<Record<string, string>>): Generator<Spoiled> {
  for (const place of placesOfTexts(mutation.input())) {
    for (const [name, text] of Object.entries(texts))
      yield { name: `${name} in ${place.join('.')}`, place, text };
  }
}

const send = ({ caller, document, input }: Mutation, { place, text }: Spoiled) =>
  world[caller].ask(document, { input: withValueAt(input(), place, text) });

describe.each(MUTATIONS.map((mutation) => ({ mutation, name: mutation.name })))(
  'texts in $name',
  ({ mutation }) => {
    it('that cannot be stored are refused at every place', async () => {
      const failures = await failuresOf(
        spoiledTexts(mutation, IMPOSSIBLE_TEXTS),
        ({ name }) => name,
        async (spoiled) => {
          const answer = await send(mutation, spoiled);
          return { answer, faults: faultsOfRefusal(answer, world.innerAddresses) };
        },
      );
      expect(failures).toEqual([]);
    });

    it('that are merely odd are taken or refused at every place', async () => {
      const failures = await failuresOf(
        spoiledTexts(mutation, ODD_TEXTS),
        ({ name }) => name,
        async (spoiled) => {
          const answer = await send(mutation, spoiled);
          return { answer, faults: indiscretions(answer, world.innerAddresses) };
        },
      );
      expect(failures).toEqual([]);
    });
  },
);

type Argument = Readonly<{ name: string; document: string; caller?: CallerName }>;

/** Every text that a query takes. */
const ARGUMENTS: readonly Argument[] = [
  { name: 'order.id', document: 'query ($text: ID!) { order(id: $text) { id } }' },
  {
    name: 'orderByNumber.number',
    document: 'query ($text: String!) { orderByNumber(number: $text) { id } }',
  },
  {
    name: 'orderByPoNumber.partnerId',
    document: 'query ($text: ID!) { orderByPoNumber(partnerId: $text, poNumber: "1") { id } }',
  },
  {
    name: 'orderByPoNumber.poNumber',
    document: 'query ($text: String!) { orderByPoNumber(partnerId: "10001", poNumber: $text) { id } }',
  },
  {
    name: 'orders.partnerIds',
    document: 'query ($text: ID!) { orders(filter: { partnerIds: [$text] }) { nodes { id } } }',
  },
  {
    name: 'orders.sku',
    document: 'query ($text: String!) { orders(filter: { sku: $text }) { nodes { id } } }',
  },
  {
    name: 'orders.poNumber',
    document: 'query ($text: String!) { orders(filter: { poNumber: $text }) { nodes { id } } }',
  },
  {
    name: 'orders.placedFrom',
    document: 'query ($text: DateTime!) { orders(filter: { placedFrom: $text }) { nodes { id } } }',
  },
  {
    name: 'orders.placedTo',
    document: 'query ($text: DateTime!) { orders(filter: { placedTo: $text }) { nodes { id } } }',
  },
  { name: 'orders.after', document: 'query ($text: String!) { orders(after: $text) { nodes { id } } }' },
  {
    name: 'orderChanges.after',
    document: 'query ($text: String!) { orderChanges(after: $text) { nodes { type } } }',
  },
  {
    name: 'partner.id',
    document: 'query ($text: ID!) { partner(id: $text) { id credit { limit { amount } } } }',
  },
  {
    name: 'partners.search',
    document: 'query ($text: String!) { partners(search: $text) { nodes { id } } }',
  },
  { name: 'partners.after', document: 'query ($text: String!) { partners(after: $text) { nodes { id } } }' },
  { name: 'invoice.number', document: 'query ($text: String!) { invoice(number: $text) { id } }' },
  { name: 'invoices.after', document: 'query ($text: String!) { invoices(after: $text) { nodes { id } } }' },
  {
    name: 'invoices.partnerIds',
    document: 'query ($text: ID!) { invoices(filter: { partnerIds: [$text] }) { nodes { id } } }',
  },
  {
    name: 'invoices.overdueOn',
    document: 'query ($text: Date!) { invoices(filter: { overdueOn: $text }) { nodes { id } } }',
  },
  {
    name: 'product.sku',
    document: 'query ($text: String!) { product(sku: $text) { sku listPrice { amount } } }',
  },
  {
    name: 'product.price.partnerId',
    document: 'query ($text: ID!) { product(sku: "MUG") { price(partnerId: $text) { amount } } }',
  },
  {
    name: 'products.search',
    document: 'query ($text: String!) { products(search: $text) { nodes { sku } } }',
  },
  { name: 'products.skus', document: 'query ($text: String!) { products(skus: [$text]) { nodes { sku } } }' },
  { name: 'products.after', document: 'query ($text: String!) { products(after: $text) { nodes { sku } } }' },
  { name: 'shipment.id', document: 'query ($text: ID!) { shipment(id: $text) { id } }' },
  {
    name: 'shipments.warehouseId',
    document: 'query ($text: ID!) { shipments(warehouseId: $text) { nodes { id } } }',
  },
  {
    name: 'shipments.after',
    document: 'query ($text: String!) { shipments(after: $text) { nodes { id } } }',
  },
  ...['after', 'key', 'fingerprint'].map(
    (name): Argument => ({
      name: `ordersDeadLetters.${name}`,
      caller: 'operator',
      document: `query ($text: String!) { operations { ordersDeadLetters(${name}: $text) { nodes { id } } } }`,
    }),
  ),
];

/** A cursor as ours are written, of parts that no cursor of ours has. */
const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const CURSORS: Readonly<Record<string, string>> = {
  'a cursor of nothing': cursor(),
  'a cursor of NUL': cursor('\u0000'),
  'a cursor of a lone surrogate': cursor('\ud800'),
  'a cursor of numbers': cursor(1, 2),
  'a cursor of a text': cursor('x'),
  'a cursor of no instant': cursor('2026-99-99 99:99:99.999999+00', '0190f3a1-7c2b-7def-8123-456789abcdef'),
  'a cursor of no day': cursor('2026-02-31 00:00:00+00', '0190f3a1-7c2b-7def-8123-456789abcdef'),
  'a cursor of no zone': cursor('2026-02-01 00:00:00+99', '0190f3a1-7c2b-7def-8123-456789abcdef'),
  'a cursor of SQL': cursor("' OR 1=1", "' OR 1=1"),
  'a cursor of places beyond': cursor(...Array.from({ length: 8 }, () => '9007199254740991')),
  'a cursor of negative places': cursor(...Array.from({ length: 8 }, () => '-1')),
  'a cursor of no places': cursor(...Array.from({ length: 8 }, () => 'x')),
  'a cursor of fractions': cursor(...Array.from({ length: 8 }, () => '0.5')),
  'a cursor of objects': cursor(...Array.from({ length: 8 }, () => ({}))),
};
const INSTANTS: Readonly<Record<string, string>> = {
  'the first instant': '-271821-04-20T00:00:00.000Z',
  'the last instant': '+275760-09-13T00:00:00.000Z',
  'year zero': '0000-01-01T00:00:00.000Z',
  infinity: 'infinity',
  'no instant': '2026-02-31T99:00:00Z',
};

describe('texts in queries', () => {
  it.each(ARGUMENTS)('bring nothing out of $name', async ({ document, caller = 'erp' }) => {
    const texts = { ...IMPOSSIBLE_TEXTS, ...ODD_TEXTS, ...CURSORS, ...INSTANTS };
    const failures = await failuresOf(
      Object.entries(texts),
      ([name]) => name,
      async ([, text]) => {
        const answer = await world[caller].ask(document, { text });
        return { answer, faults: indiscretions(answer, world.innerAddresses) };
      },
    );
    expect(failures).toEqual([]);
  });
});
