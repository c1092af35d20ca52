import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase } from '@crossdock/event-store';
import {
  databaseFromTemplate,
  type OwnServer,
  ownNats,
  redisUrl,
  type TestDatabase,
} from '@crossdock/testing';
import { CompactEncrypt, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newOrder, orderPlaced, partnerRegistered, startHearing, stockReserved } from '../test/hearing.ts';
import { type PaymentsProcess, startPayments } from '../test/payments-process.ts';
import { PROVIDER_KEY, type SimulatorProcess, startSimulator } from '../test/simulator-process.ts';

const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));
const ERP = { role: 'erp' };

let nats: OwnServer;
let clone: TestDatabase;
let database: Database;
let simulator: SimulatorProcess;
let payments: PaymentsProcess;
const [partnerId, otherId] = [newId(), newId()];
const onTerms = newOrder(partnerId);
const byCard = newOrder(partnerId);

const SET_LIMITS = `mutation ($input: SetCreditLimitsInput!) {
  setCreditLimits(input: $input) { replayed userErrors { code } results { index id created userErrors { code field } } } }`;
const ENTITIES = `query ($of: [_Any!]!) { _entities(representations: $of) {
  ... on Partner { credit { limit { amount currencyCode } exposure { amount } available { amount } } }
  ... on Order { payment { status method authorised { amount } captured { amount } attempts { operation wave outcome reason } } } } }`;

const limits = (...rows: [string, string, string?][]) =>
  rows.map(([id, amount, currencyCode = 'GBP']) => ({ partnerId: id, limit: { amount, currencyCode } }));
const orderOf = (id: string) => ({ __typename: 'Order', id });
const partnerOf = (id: string) => ({ __typename: 'Partner', id });

beforeAll(async () => {
  nats = await ownNats();
  simulator = await startSimulator();
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
  const card = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
  const sealed = await new CompactEncrypt(new TextEncoder().encode('tok_visa'))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .encrypt(card.publicKey);
  const hearing = await startHearing(database.sql);
  await hearing.hear(partnerRegistered(partnerId), partnerRegistered(otherId, 'EUR'));
  await hearing.hear(
    orderPlaced(byCard, 2_500, sealed),
    stockReserved(byCard, 2_500),
    orderPlaced(onTerms, 1_000),
  );
  await hearing.leave();
  payments = await startPayments({
    databaseUrl: clone.url,
    natsUrl: nats.url,
    redisUrl: redisUrl(),
    cardTokenPrivateJwk: await exportJWK(card.privateKey),
    provider: { url: simulator.url, key: PROVIDER_KEY },
  });
});

afterAll(async () => {
  expect(await payments.stop()).toBe(0);
  await database.close();
  await clone.drop();
  await simulator.stop();
  await nats.stop();
});

describe('setCreditLimits', () => {
  const input = { idempotencyKey: newId(), errorPolicy: 'REJECT_ROWS' };
  const rows = limits(
    [partnerId, '500.00'],
    [otherId, '1.00', 'GBP'],
    [partnerId, '2'],
    ['nobody', '1'],
    ['', '1.001'],
  );

  it('answers every row, stores the good ones, and answers the same again', async () => {
    const first = await payments.ask(ERP, SET_LIMITS, { input: { ...input, limits: rows } });
    const expected = {
      replayed: false,
      userErrors: [],
      results: [
        { index: 0, id: partnerId, created: true, userErrors: [] },
        {
          index: 1,
          id: null,
          created: false,
          userErrors: [{ code: 'CURRENCY_MISMATCH', field: ['limits', '1', 'limit', 'currencyCode'] }],
        },
        {
          index: 2,
          id: null,
          created: false,
          userErrors: [{ code: 'INVALID_INPUT', field: ['limits', '2', 'partnerId'] }],
        },
        {
          index: 3,
          id: null,
          created: false,
          userErrors: [{ code: 'UNKNOWN_PARTNER', field: ['limits', '3', 'partnerId'] }],
        },
        {
          index: 4,
          id: null,
          created: false,
          userErrors: [{ code: 'INVALID_INPUT', field: ['limits', '4', 'limit'] }],
        },
      ],
    };
    expect(first).toEqual({ data: { setCreditLimits: expected } });
    const again = await payments.ask(ERP, SET_LIMITS, { input: { ...input, limits: rows } });
    expect(again).toEqual({ data: { setCreditLimits: { ...expected, replayed: true } } });
  });

  it('refuses the key with other input, and stores nothing where every row must stand', async () => {
    const reused = await payments.ask(ERP, SET_LIMITS, {
      input: { ...input, limits: limits([partnerId, '1']) },
    });
    expect(reused.data?.setCreditLimits).toMatchObject({ userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
    const all = { idempotencyKey: newId(), limits: limits([partnerId, '9999'], ['nobody', '1']) };
    const refused = await payments.ask(ERP, SET_LIMITS, { input: all });
    expect(refused.data?.setCreditLimits).toMatchObject({ results: [{ id: null }, { id: null }] });
    const { data } = await payments.ask(ERP, ENTITIES, { of: [partnerOf(partnerId)] });
    expect(data?._entities).toMatchObject([{ credit: { limit: { amount: '500.00' } } }]);
  });

  it('is for the ERP', async () => {
    const asked = { input: { idempotencyKey: newId(), limits: limits([partnerId, '1']) } };
    const { errors } = await payments.ask({ role: 'buyer', partner: partnerId }, SET_LIMITS, asked);
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});

describe('what others ask about', () => {
  const all = {
    of: [
      partnerOf(partnerId),
      orderOf(byCard.orderId),
      orderOf(onTerms.orderId),
      orderOf(newId()),
      orderOf('x'),
    ],
  };

  it('shows a card that was authorised meanwhile, and an order on terms that waits', async () => {
    const asked = async () =>
      (await payments.ask({ role: 'buyer', partner: partnerId }, ENTITIES, all)).data?._entities;
    await expect
      .poll(asked, { timeout: 20_000 })
      .toMatchObject([{}, { payment: { status: 'AUTHORISED' } }, {}, {}, {}]);
    expect(await asked()).toEqual([
      {
        credit: {
          limit: { amount: '500.00', currencyCode: 'GBP' },
          exposure: { amount: '0.00' },
          available: { amount: '500.00' },
        },
      },
      {
        payment: {
          status: 'AUTHORISED',
          method: 'CARD',
          authorised: { amount: '25.00' },
          captured: { amount: '0.00' },
          attempts: [{ operation: 'authorise', wave: 1, outcome: 'succeeded', reason: null }],
        },
      },
      {
        payment: {
          status: 'PENDING',
          method: 'TERMS',
          authorised: { amount: '0.00' },
          captured: { amount: '0.00' },
          attempts: [],
        },
      },
      { payment: null },
      { payment: null },
    ]);
  });

  it.each([
    ['another partner', { role: 'buyer', partner: otherId }],
    ['a rep of others', { role: 'rep', partners: [otherId] }],
    ['a warehouse', { role: 'wms', warehouse: 'LDN' }],
  ])('shows nothing to %s', async (_who, claims) => {
    const { data } = await payments.ask(claims, ENTITIES, { of: all.of.slice(0, 2) });
    expect(data?._entities).toEqual([{ credit: null }, { payment: null }]);
  });

  it('answers nobody but the gateway, and is ready', async () => {
    const headers = { 'content-type': 'application/json' };
    const stranger = await fetch(`${payments.url}/graphql`, {
      method: 'POST',
      headers,
      body: '{"query":"{ __typename }"}',
    });
    expect([stranger.status, (await fetch(`${payments.url}/readyz`)).status]).toEqual([401, 200]);
  });
});

describe('a list', () => {
  it('has its default length where the request says null', async () => {
    const query = `query ($first: Int) { invoices(first: $first) { nodes { id } }
      operations { paymentBreaks(first: $first) { nodes { id } } } }`;
    const asked = await payments.ask({ role: 'operator' }, query, { first: null });
    expect(asked).toEqual({
      data: { invoices: { nodes: [] }, operations: { paymentBreaks: { nodes: [] } } },
    });
    const { errors } = await payments.ask({ role: 'operator' }, query, { first: 0 });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
  });
});

describe('webhooks', () => {
  const send = async (provider: string, body: string) =>
    (await fetch(`${payments.url}/webhooks/${provider}`, { method: 'POST', body })).status;

  it('are taken from nobody without a signature, and for no provider that is not configured', async () => {
    expect(await send('simulator', '{"type":"authorization.captured"}')).toBe(401);
    expect(await send('elsewhere', '{}')).toBe(404);
    expect(await send('simulator', 'x'.repeat(64 * 1_024 + 1))).toBe(413);
    expect(await database.sql`SELECT 1 FROM webhook_events`).toEqual([]);
  });
});

describe('the comparison', () => {
  const OPERATOR = { role: 'operator' };
  const RUN = 'id startedAt finishedAt payments authorisations breaksFound breaksHealed error';
  const ASK = `mutation ($input: ReconcilePaymentsInput!) { reconcilePayments(input: $input) {
    reconciliation { ${RUN} } replayed userErrors { code field } } }`;
  const LAST = `{ operations { paymentReconciliation { ${RUN} } } }`;
  const BREAKS = `query ($state: PaymentBreakState, $after: String) { operations { paymentBreaks(first: 1, state: $state, after: $after) {
    nodes { id kind state orderId subject expected { amount currencyCode } found { amount } detail owner foundAt seenAt settledBy note }
    pageInfo { hasNextPage endCursor } } } }`;
  const CLOSE = `mutation ($input: ClosePaymentBreakInput!) { closePaymentBreak(input: $input) {
    break { state settledBy note } replayed userErrors { code field } } }`;

  it('is asked for by operators alone', async () => {
    for (const query of [LAST, BREAKS]) {
      const { errors } = await payments.ask(ERP, query, {});
      expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    }
    const { errors } = await payments.ask(ERP, ASK, { input: { idempotencyKey: newId() } });
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });

  it('is asked for once for each key', async () => {
    const input = { idempotencyKey: newId() };
    const ask = async () => (await payments.ask(OPERATOR, ASK, { input })).data?.reconcilePayments;
    const first = await ask();
    expect(first).toMatchObject({
      reconciliation: { id: expect.any(String) },
      replayed: false,
      userErrors: [],
    });
    const { reconciliation } = first as { reconciliation: { id: string } };
    expect(await ask()).toMatchObject({ reconciliation: { id: reconciliation.id }, replayed: true });
    const { data } = await payments.ask(OPERATOR, LAST, {});
    expect(data).toMatchObject({ operations: { paymentReconciliation: { id: reconciliation.id } } });
  });

  it('shows its differences page by page, and lets a person close one', async () => {
    // Seen in the future, so that no run of this process counts them as gone.
    for (const subject of ['s1', 's2'])
      await database.sql`
        INSERT INTO payment_breaks (id, kind, state, order_id, subject, expected_minor, expected_currency, found_minor, found_currency,
          detail, owner, seen_at)
        VALUES (${newId()}, 'TAKEN_TWICE', 'OPEN', ${onTerms.orderId}, ${subject}, 0, 'GBP', 700, 'GBP', 'Give it back.',
          'payment operations', clock_timestamp() + interval '1 hour')`;
    await shownAndClosed();
  });

  async function page(variables: object) {
    const { data } = await payments.ask(OPERATOR, BREAKS, variables);
    return (
      data as { operations: { paymentBreaks: { nodes: { id: string }[]; pageInfo: { endCursor: string } } } }
    ).operations.paymentBreaks;
  }

  async function shownAndClosed(): Promise<void> {
    const first = await page({ state: 'OPEN' });
    const rest = await page({ state: 'OPEN', after: first.pageInfo.endCursor });
    expect([first, rest]).toMatchObject([
      { pageInfo: { hasNextPage: true } },
      { pageInfo: { hasNextPage: false } },
    ]);
    expect(first.nodes[0]).toMatchObject({
      ...{ kind: 'TAKEN_TWICE', orderId: onTerms.orderId, owner: 'payment operations', settledBy: null },
      ...{ expected: { amount: '0.00', currencyCode: 'GBP' }, detail: 'Give it back.' },
    });
    const input = { idempotencyKey: newId(), breakId: first.nodes[0]?.id, note: 'A test.' };
    const close = async (of: object) =>
      (await payments.ask(OPERATOR, CLOSE, { input: of })).data?.closePaymentBreak;
    expect(await close(input)).toEqual({
      ...{
        break: { state: 'CLOSED', settledBy: 'tester', note: 'A test.' },
        replayed: false,
        userErrors: [],
      },
    });
    expect(await close(input)).toMatchObject({ replayed: true });
    const refusals = await Promise.all(
      [{ breakId: newId() }, { breakId: 'x' }, { note: ' ' }, { idempotencyKey: newId() }].map((each) =>
        close({ ...input, idempotencyKey: newId(), ...each }),
      ),
    );
    expect(refusals.map((each) => (each as { userErrors: { code: string }[] }).userErrors[0]?.code)).toEqual([
      ...['UNKNOWN_BREAK', 'UNKNOWN_BREAK', 'INVALID_INPUT', 'CONFLICT'],
    ]);
    expect((await page({ state: 'CLOSED' })).nodes).toHaveLength(1);
  }
});
