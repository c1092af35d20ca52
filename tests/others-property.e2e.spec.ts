import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './client/eventually.ts';
import type { GatewayClient } from './client/gateway-client.ts';
import { indiscretions } from './hostile/verdict.ts';
import { enterPlatform, type World } from './platform/callers.ts';
import { accepted, type FullOrder, place, readOrder, settled } from './platform/orders.ts';
import { ACME, LONDON, MANCHESTER, POOR, RIVAL, UNATTENDED } from './platform/wholesaler.ts';

let world: World;
let order: FullOrder;
let shipmentId: string;

beforeAll(async () => {
  world = await enterPlatform();
  const lines = [{ sku: 'LAMP', quantity: 1 }];
  const poNumber = `PO ${randomUUID()}`;
  order = await settled(world.buyer, await accepted(world.buyer, { poNumber, lines, note: 'Canary' }));
  shipmentId = order.shipments?.find(({ status }) => status === 'SHIPPED')?.id ?? '';
});

/** What belongs to ACME alone: none of it may stand in an answer to somebody else who did not send it. */
const canaries = () => [order.number, order.poNumber ?? '', shipmentId, `Canary of ${ACME}`, order.id];

/** Asks, and answers the data; fails when anything of ACME's stands in the answer. */
async function askedBy<Data>(
  client: GatewayClient,
  document: string,
  variables: object = {},
): Promise<Data | null> {
  const answer = await client.ask<Data>(document, { ...variables });
  const asked = JSON.stringify(variables);
  expect(canaries().filter((canary) => answer.text.includes(canary) && !asked.includes(canary))).toEqual([]);
  expect(indiscretions(answer, world.innerAddresses)).toEqual([]);
  return answer.data;
}

const ALL_OF_ORDER = `id number poNumber note partner { id name credit { limit { amount } } } payment { status }
  reservation { status } shipments { id } routing { rule } timeline { type } lines { sku }`;

describe('to another partner', () => {
  it('an order does not exist, by whatever name', async () => {
    const byId = `query ($id: ID!) { order(id: $id) { ${ALL_OF_ORDER} } }`;
    for (const id of [
      order.id,
      order.id.toUpperCase(),
      ` ${order.id}`,
      `{${order.id}}`,
      order.id.replaceAll('-', ''),
    ]) {
      expect(await askedBy(world.rival, byId, { id })).toEqual({ order: null });
    }
    const byNumber = `query ($number: String!) { orderByNumber(number: $number) { ${ALL_OF_ORDER} } }`;
    expect(await askedBy(world.rival, byNumber, { number: order.number })).toEqual({ orderByNumber: null });
    const byPoNumber = `query ($partnerId: ID!, $poNumber: String!) {
      orderByPoNumber(partnerId: $partnerId, poNumber: $poNumber) { ${ALL_OF_ORDER} }
    }`;
    for (const partnerId of [ACME, RIVAL]) {
      const asked = await askedBy(world.rival, byPoNumber, { partnerId, poNumber: order.poNumber });
      expect(asked).toEqual({ orderByPoNumber: null });
    }
  });

  it('lists of orders hold only its own, whatever the filter', async () => {
    await accepted(world.rival, { lines: [{ sku: 'LAMP', quantity: 1 }] });
    const document = `query ($filter: OrderFilter) { orders(first: 100, filter: $filter) { nodes { ${ALL_OF_ORDER} } } }`;
    type Orders = { orders: { nodes: { partner: { id: string } }[] } };
    const count = async (filter: object | null) => {
      const data = await askedBy<Orders>(world.rival, document, { filter });
      const partners = data?.orders.nodes.map(({ partner }) => partner.id) ?? ['none'];
      expect(partners).toEqual(partners.map(() => RIVAL));
      return partners.length;
    };
    expect(await count(null)).toBeGreaterThan(0);
    expect(await count({ sku: 'LAMP' })).toBeGreaterThan(0);
    expect(await count({ statuses: ['SHIPPED'] })).toBeGreaterThanOrEqual(0);
    expect(await count({ partnerIds: [ACME, RIVAL] })).toBeGreaterThan(0);
    for (const filter of [{ partnerIds: [ACME] }, { poNumber: order.poNumber }, { partnerIds: [] }]) {
      expect(await count(filter)).toBe(0);
    }
  });

  it('a cursor of ours opens nothing of ours', async () => {
    const { orders } = await world.buyer.data<{ orders: { pageInfo: { startCursor: string } } }>(
      '{ orders(first: 1) { pageInfo { startCursor } } }',
    );
    const document = `query ($after: String) { orders(after: $after, first: 100) { nodes { ${ALL_OF_ORDER} } } }`;
    await askedBy(world.rival, document, { after: orders.pageInfo.startCursor });
  });

  it('the partner does not exist', async () => {
    const one = 'query ($id: ID!) { partner(id: $id) { id name credit { limit { amount } } } }';
    expect(await askedBy(world.rival, one, { id: ACME })).toEqual({ partner: null });
    const some =
      'query ($search: String) { partners(search: $search) { nodes { id name credit { limit { amount } } } } }';
    const found = await askedBy<{ partners: { nodes: { id: string }[] } }>(world.rival, some, {
      search: null,
    });
    expect(found?.partners.nodes.map(({ id }) => id)).toEqual([RIVAL]);
    expect(await askedBy(world.rival, some, { search: ACME })).toEqual({ partners: { nodes: [] } });
    expect(await askedBy(world.rival, some, { search: 'Canary' })).toMatchObject({
      partners: { nodes: [{ id: RIVAL }] },
    });
  });

  it('a shipment does not exist', async () => {
    const one = 'query ($id: ID!) { shipment(id: $id) { id order { id number } lines { sku } } }';
    expect(await askedBy(world.rival, one, { id: shipmentId })).toEqual({ shipment: null });
    const some =
      'query ($warehouseId: ID) { shipments(first: 100, warehouseId: $warehouseId) { nodes { id order { id number partner { id } } } } }';
    for (const warehouseId of [null, MANCHESTER]) await askedBy(world.rival, some, { warehouseId });
  });

  it('an invoice does not exist, by its number, its shipment or its order', async () => {
    const { invoices } = await world.buyer.data<{ invoices: { nodes: { number: string }[] } }>(
      '{ invoices(first: 100) { nodes { number orderId } } }',
    );
    expect(invoices.nodes.length).toBeGreaterThan(0);
    const all = 'id number orderId orderNumber poNumber pdfUrl total { amount } lines { sku }';
    const one = `query ($number: String!) { invoice(number: $number) { ${all} } }`;
    for (const { number } of invoices.nodes)
      expect(await askedBy(world.rival, one, { number })).toEqual({ invoice: null });
    const some = `query ($filter: InvoiceFilter) { invoices(first: 100, filter: $filter) { nodes { partnerId ${all} } } }`;
    expect(await askedBy(world.rival, some, { filter: { partnerIds: [ACME] } })).toEqual({
      invoices: { nodes: [] },
    });
    type Invoices = { invoices: { nodes: { partnerId: string }[] } };
    for (const filter of [null, {}, { statuses: ['OPEN'] }, { partnerIds: [ACME, RIVAL] }]) {
      const found = (await askedBy<Invoices>(world.rival, some, { filter }))?.invoices.nodes ?? [];
      expect(found.filter(({ partnerId }) => partnerId !== RIVAL)).toEqual([]);
    }
  });

  it('an order cannot be placed in its name', async () => {
    const lines = [{ sku: 'MUG', quantity: 1 }];
    const refused = { order: null, userErrors: [{ code: 'UNKNOWN_PARTNER', field: ['partnerId'] }] };
    expect(await place(world.rival, { partnerId: ACME, lines })).toMatchObject(refused);
    expect(await place(world.rep, { partnerId: RIVAL, lines })).toMatchObject(refused);
    expect(await place(world.rep, { lines })).toMatchObject(refused);
    expect(await place(world.erp, { lines })).toMatchObject(refused);
    expect(await place(world.approver, { lines })).toMatchObject({ userErrors: [] });
  });

  it('answers are its own, also when both ask the same at once', async () => {
    const document =
      '{ viewer { partners { id name credit { limit { amount } } } } orders(first: 20) { nodes { partner { id } } } }';
    type Seen = { viewer: { partners: { id: string }[] }; orders: { nodes: { partner: { id: string } }[] } };
    const clients = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? world.buyer : world.rival));
    const answers = await Promise.all(clients.map((client) => client.data<Seen>(document)));
    answers.forEach(({ viewer, orders }, index) => {
      const own = index % 2 === 0 ? ACME : RIVAL;
      expect(viewer.partners.map(({ id }) => id)).toEqual([own]);
      expect(new Set(orders.nodes.map(({ partner }) => partner.id))).toEqual(new Set([own]));
    });
  });
});

describe('a rep', () => {
  it('sees the partners assigned and no other', async () => {
    const document =
      '{ viewer { partners { id } } partners { nodes { id } } orders(first: 100) { nodes { partner { id } } } }';
    type Seen = {
      viewer: { partners: { id: string }[] };
      partners: { nodes: { id: string }[] };
      orders: { nodes: { partner: { id: string } }[] };
    };
    const { viewer, partners, orders } = await world.rep.data<Seen>(document);
    expect(viewer.partners.map(({ id }) => id).sort()).toEqual([ACME, POOR]);
    expect(partners.nodes.map(({ id }) => id)).toEqual([ACME, POOR]);
    expect(orders.nodes.filter(({ partner }) => partner.id === RIVAL)).toEqual([]);
    const nobody = world.as({ role: 'rep', partners: [] });
    expect(
      await nobody.data('{ orders { nodes { id } } partners { nodes { id } } shipments { nodes { id } } }'),
    ).toEqual({
      orders: { nodes: [] },
      partners: { nodes: [] },
      shipments: { nodes: [] },
    });
  });
});

const CONFIRM = `mutation ($input: ConfirmShipmentInput!) {
  confirmShipment(input: $input) { shipment { id status } replayed userErrors { code field } }
}`;
type Confirmed = Readonly<{
  confirmShipment: { shipment: { status: string } | null; replayed: boolean; userErrors: { code: string }[] };
}>;

describe('a warehouse', () => {
  it('sees its own shipments, and of their orders nothing', async () => {
    const document = `query ($id: ID!, $warehouseId: ID) {
      shipment(id: $id) { id warehouse { id } order { shipments { warehouse { id } } } }
      shipments(first: 100, warehouseId: $warehouseId) { nodes { warehouse { id } } }
    }`;
    const own = await askedBy<{ shipment: { id: string }; shipments: { nodes: unknown[] } }>(
      world.otherWms,
      document,
      {
        id: shipmentId,
        warehouseId: MANCHESTER,
      },
    );
    expect(own?.shipment.id).toBe(shipmentId);
    expect(own?.shipments.nodes.length).toBeGreaterThan(0);
    for (const warehouseId of [MANCHESTER, UNATTENDED]) {
      const asked = await askedBy(world.wms, document, { id: shipmentId, warehouseId });
      expect(asked).toEqual({ shipment: null, shipments: { nodes: [] } });
    }
    const all = await askedBy<{ shipments: { nodes: { warehouse: { id: string } }[] } }>(
      world.wms,
      document,
      {
        id: shipmentId,
      },
    );
    expect(new Set(all?.shipments.nodes.map(({ warehouse }) => warehouse.id))).toEqual(new Set([LONDON]));
  });

  it('reads of the order of its shipment neither number nor partner', async () => {
    const document = `query ($id: ID!) {
      shipment(id: $id) { id order { number note partner { name } total { amount } timeline { type } } }
    }`;
    const answer = await world.otherWms.ask(document, { id: shipmentId });
    expect(answer.data).toEqual({ shipment: { id: shipmentId, order: null } });
    expect(answer.errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['shipment', 'order'], 'FORBIDDEN'],
    ]);
    expect(indiscretions(answer, world.innerAddresses)).toEqual([]);
  });

  it('confirms exactly what it was told, once, and nobody else does', async () => {
    const lines = [{ sku: 'ANTIQUE', quantity: 3 }];
    const id = await accepted(world.buyer, { lines });
    const released = await eventually(
      () => readOrder(world.buyer, id),
      (seen) => seen?.status === 'RELEASED',
    );
    const [shipment] = released?.shipments ?? [];
    const wms = world.as({ role: 'wms', warehouse: UNATTENDED });
    const good = { shipmentId: shipment?.id, releaseEpoch: 1, lines, carrier: 'Van', trackingNumber: 'V1' };
    const confirm = async (client: GatewayClient, change: object = {}) =>
      (await client.data<Confirmed>(CONFIRM, { input: { idempotencyKey: randomUUID(), ...good, ...change } }))
        .confirmShipment;
    const codesFor = async (client: GatewayClient, change: object = {}) =>
      (await confirm(client, change)).userErrors.map(({ code }) => code);

    expect(await codesFor(world.wms)).toEqual(['UNKNOWN_SHIPMENT']);
    expect(await codesFor(wms, { shipmentId })).toEqual(['UNKNOWN_SHIPMENT']);
    expect(await codesFor(wms, { shipmentId: randomUUID() })).toEqual(['UNKNOWN_SHIPMENT']);
    for (const releaseEpoch of [0, -1, 2, 2_147_483_647]) {
      expect((await codesFor(wms, { releaseEpoch })).length).toBe(1);
    }
    const other = (...changed: object[]) => ({ lines: changed });
    for (const change of [
      other(),
      other({ sku: 'ANTIQUE', quantity: 2 }),
      other({ sku: 'ANTIQUE', quantity: 4 }),
      other({ sku: 'MUG', quantity: 3 }),
      other(...lines, { sku: 'MUG', quantity: 1 }),
      other({ sku: 'ANTIQUE', quantity: 1 }, { sku: 'ANTIQUE', quantity: 2 }),
    ]) {
      expect([change, await codesFor(wms, change)]).toEqual([change, ['SHIPMENT_LINES_DIFFER']]);
    }
    expect((await readOrder(world.buyer, id))?.status).toBe('RELEASED');

    const idempotencyKey = randomUUID();
    const done = { shipment: { status: 'SHIPPED' }, userErrors: [] };
    expect(await confirm(wms, { idempotencyKey })).toMatchObject({ ...done, replayed: false });
    expect(await confirm(wms, { idempotencyKey })).toMatchObject({ ...done, replayed: true });
    expect(await codesFor(wms, { idempotencyKey, trackingNumber: 'V2' })).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(await settled(world.buyer, id)).toMatchObject({
      status: 'SHIPPED',
      payment: { captured: { amount: '9.00' } },
    });
  });
});
