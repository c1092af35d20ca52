import { SUBGRAPHS, type Subgraph } from '../platform/run-file.ts';
import { checkBackorders } from './backorders.ts';
import { checkBrokenClaims } from './broken-claims.ts';
import * as claims from './claim-rows.ts';
import { checkConservation } from './conservation.ts';
import { checkCreditLimits } from './credit-limits.ts';
import { checkConsequence, checkOffsets } from './delivery.ts';
import { checkDenseLog } from './dense-log.ts';
import type { Evidence } from './evidence.ts';
import { type FactSelection, readClaimHistories, readFactKeys, thingOf } from './fact-rows.ts';
import { checkFenced } from './fenced.ts';
import * as fencing from './fencing-rows.ts';
import { checkFinalOrOwned, type OrderAtRest } from './final-or-owned.ts';
import { CONSEQUENCES, HEARD, STREAM_RULES } from './flow.ts';
import { checkHeldCalls } from './held-calls.ts';
import { checkHoldsEnded } from './holds-ended.ts';
import { checkInvoices } from './invoices.ts';
import { checkLedger } from './ledger.ts';
import { checkLegalHistory } from './legal-history.ts';
import { checkLive } from './live.ts';
import { relayOf } from './log-source.ts';
import * as money from './money-rows.ts';
import { checkNoLostOrder } from './no-lost-order.ts';
import { checkNoOversell } from './no-oversell.ts';
import { checkNoPhantom } from './no-phantom.ts';
import { checkOnce } from './once.ts';
import { checkOneCharge } from './one-charge.ts';
import * as orderRows from './order-rows.ts';
import { unitsOutstanding } from './order-units.ts';
import { checkProjections } from './projection.ts';
import { readProjections } from './projection-rows.ts';
import { checkResolvedOnce } from './resolved-once.ts';
import * as stock from './stock-rows.ts';
import { checkTransfers } from './transfers.ts';
import { together, type Verdict } from './verdict.ts';

/** An invariant of the platform, by its number in the design's list. */
export interface Invariant {
  readonly number: number;
  readonly name: string;
  readonly check: (evidence: Evidence) => Promise<Verdict>;
}

export const INVARIANTS: readonly Invariant[] = [
  { number: 1, name: 'no lost order', check: noLostOrder },
  { number: 2, name: 'no phantom', check: noPhantom },
  { number: 3, name: 'once', check: once },
  { number: 4, name: 'final or owned', check: finalOrOwned },
  { number: 5, name: 'legal history', check: legalHistory },
  { number: 6, name: 'dense log', check: denseLog },
  { number: 7, name: 'delivery', check: delivery },
  {
    number: 8,
    name: 'projection',
    check: async ({ databases }) => checkProjections(await readProjections(databases)),
  },
  { number: 9, name: 'conservation', check: conservation },
  { number: 10, name: 'no oversell', check: noOversell },
  { number: 11, name: 'resolved once', check: resolvedOnce },
  { number: 12, name: 'one charge', check: oneCharge },
  { number: 13, name: 'ledger', check: ledger },
  { number: 16, name: 'live', check: live },
  { number: 17, name: 'fenced', check: fenced },
];

async function noLostOrder({ clientEntries, databases }: Evidence): Promise<Verdict> {
  const rows = await orderRows.readOrderRows(databases.orders);
  const table = rows.map((row) => ({ ...row, linesDigest: null }));
  return checkNoLostOrder(clientEntries(), { table, log: orderRows.readPlacedOrders(databases.orders) });
}

async function noPhantom({ clientEntries, databases }: Evidence): Promise<Verdict> {
  const { orders, inventory, payments, fulfillment } = databases;
  return checkNoPhantom(clientEntries(), {
    orders: await orderRows.readOrderRows(orders),
    placed: await orderRows.readPlacedIds(orders),
    keys: await orderRows.readStoredKeys(orders),
    numbers: await orderRows.readHeldNumbers(orders),
    elsewhere: {
      inventory: await orderRows.readOrderIds(inventory, 'reservations'),
      payments: await orderRows.readOrderIds(payments, 'payments'),
      fulfillment: await orderRows.readOrderIds(fulfillment, 'orders'),
    },
  });
}

async function once({ clientEntries, databases }: Evidence): Promise<Verdict> {
  return checkOnce(
    clientEntries(),
    await orderRows.readOrderRows(databases.orders),
    await orderRows.readStoredKeys(databases.orders),
  );
}

async function finalOrOwned(evidence: Evidence): Promise<Verdict> {
  const orders = await readOrdersAtRest(evidence);
  const held = await money.readHeldCalls(evidence.databases.payments);
  return together(checkFinalOrOwned(orders), checkHeldCalls(held, orders));
}

/** Orders as they stand, each with the person who has to act, if any. */
export async function readOrdersAtRest({
  databases,
}: Evidence): Promise<readonly (orderRows.OrderRow & OrderAtRest)[]> {
  const owned = await orderRows.readOwnedOrders(databases.fulfillment);
  const owners = new Map(owned.map(({ orderId, owner }) => [orderId, owner]));
  const rows = await orderRows.readOrderRows(databases.orders);
  const outstanding = await unitsOutstanding(orderRows.readPartlyShipped(databases.orders));
  return rows.map((row) => ({
    ...row,
    owner: row.owner ?? owners.get(row.id) ?? null,
    unitsOutstanding: outstanding.get(row.id) ?? 0,
  }));
}

function legalHistory({ logs }: Evidence): Promise<Verdict> {
  async function* streams() {
    for (const subgraph of SUBGRAPHS) yield* logs[subgraph].streams();
  }
  return checkLegalHistory(streams(), STREAM_RULES);
}

async function denseLog(evidence: Evidence): Promise<Verdict> {
  async function* positions() {
    for (const subgraph of SUBGRAPHS) yield* evidence.logs[subgraph].positions();
  }
  return checkDenseLog(positions(), await readEnds(evidence));
}

export async function readEnds({ logs }: Evidence) {
  return (await Promise.all(SUBGRAPHS.map((subgraph) => logs[subgraph].ends()))).flat();
}

/** The first half of delivery: where readers stand. */
export async function checkReaders(evidence: Evidence): Promise<Verdict> {
  const offsets = await Promise.all(SUBGRAPHS.map((subgraph) => evidence.logs[subgraph].offsets()));
  const relays = SUBGRAPHS.map((subgraph) => [relayOf(subgraph), [subgraph]] as const);
  return checkOffsets(await readEnds(evidence), offsets.flat(), { ...HEARD, ...Object.fromEntries(relays) });
}

const CLOSED = new Set(['REJECTED', 'CANCELLED']);

async function delivery(evidence: Evidence): Promise<Verdict> {
  const readers = await checkReaders(evidence);
  const breaches = [...readers.breaches];
  // A person brings about what is owned; what is said about an order that was closed meanwhile need not bring about anything.
  const settled = (await readOrdersAtRest(evidence)).filter(
    ({ owner, status }) => owner !== null || CLOSED.has(status),
  );
  const excused = new Set([...settled.map(({ id }) => id), ...(await ownedTakings(evidence))]);
  const broken = new Set(await claims.readLessenedOrders(evidence.databases.inventory));
  const read = (selection: FactSelection) => readFactKeys(evidence.databases[selection.source], selection);
  for (const { causes, effects, unlessBroken } of CONSEQUENCES) {
    const names = { cause: causes.map(nameOf).join(' or '), effect: nameOf(effects) };
    const keys = (await Promise.all(causes.map(read))).flat();
    const mayLack = (key: string) =>
      excused.has(thingOf(key)) || (unlessBroken === true && broken.has(thingOf(key)));
    breaches.push(...checkConsequence(names, keys, await read(effects), mayLack));
  }
  const letters = await Promise.all(SUBGRAPHS.map((subgraph) => evidence.logs[subgraph].parkedLetters()));
  const parked = letters.reduce((sum, count) => sum + count, 0);
  return {
    summary: `${readers.summary}, ${CONSEQUENCES.length} effects once, ${parked} dead letters parked`,
    breaches,
  };
}

/** Shipments that a person has to see paid for: a call of their order waits for one, or they were given up. */
async function ownedTakings({ databases: { payments, fulfillment } }: Evidence): Promise<readonly string[]> {
  const owned = new Set((await money.readHeldCalls(payments)).map(({ orderId }) => orderId));
  const left = await money.readInvoicedShipments(payments, fulfillment);
  const givenUp = (await money.readGivenUp(payments)).filter(({ isWhole }) => isWhole);
  return [
    ...left.flatMap(({ shipmentId, orderId }) => (owned.has(orderId) ? [shipmentId] : [])),
    ...givenUp.map(({ shipmentId }) => shipmentId),
  ];
}

function nameOf({ source, types }: FactSelection): string {
  return `${source} ${types.join('/')}`;
}

async function conservation({ databases: { inventory, fulfillment } }: Evidence): Promise<Verdict> {
  const goods = await checkConservation({
    movements: await stock.readMovedSums(inventory),
    shelves: await stock.readShelves(inventory),
    totals: await stock.readSkuTotals(inventory),
    claims: await claims.readClaims(inventory),
    holds: await claims.readHeld(inventory),
    logged: await stock.readLoggedUnits(inventory, fulfillment),
    safeties: await stock.readLoggedSafety(inventory),
  });
  const waiting = checkBackorders(
    await claims.readBackorders(inventory),
    await claims.readWaiting(inventory),
  );
  return together(goods, waiting, checkTransfers(await stock.readTransfers(inventory)));
}

async function noOversell({ databases: { inventory, orders } }: Evidence): Promise<Verdict> {
  const sold = await checkNoOversell(stock.readMovements(inventory), await stock.readSkuTotals(inventory));
  const answered = new Set(await orderRows.readAnswered(orders));
  const broken = (await claims.readBrokenOrders(inventory)).map((orderId) => ({
    orderId,
    isAnswered: answered.has(orderId),
  }));
  return together(sold, checkBrokenClaims(await claims.readBroken(inventory), broken));
}

async function resolvedOnce({ databases: { orders, inventory, payments } }: Evidence): Promise<Verdict> {
  const units = new Map((await claims.readUnitsClaimed(inventory)).map((each) => [each.orderId, each.units]));
  const promised = new Map(
    (await money.readMoneyHeld(payments)).map((held) => [held.orderId, held.amountMinor]),
  );
  const waiting = new Map<string, number>();
  for (const { orderId, quantity } of await claims.readBackorders(inventory))
    waiting.set(orderId, (waiting.get(orderId) ?? 0) + quantity);
  const standing = (await orderRows.readOrderRows(orders)).map(({ id, status }) => ({
    orderId: id,
    status,
    unitsHeld: units.get(id) ?? 0,
    unitsWaiting: waiting.get(id) ?? 0,
    moneyHeld: promised.get(id) ?? 0,
  }));
  const orderClaims = checkResolvedOnce(
    standing,
    await readClaimHistories(inventory, payments),
    await money.readExposures(payments),
  );
  const holds = checkHoldsEnded(
    await claims.readHoldHistories(inventory),
    await claims.readHoldUnits(inventory),
  );
  return together(orderClaims, holds);
}

async function oneCharge({
  databases: { payments, fulfillment },
  providerEntries,
}: Evidence): Promise<Verdict> {
  return checkOneCharge({
    journal: providerEntries(),
    methods: await money.readMethods(payments),
    shipped: await money.readShippedValues(fulfillment),
    captured: await money.readCaptured(payments),
    refunded: await money.readRefunded(payments),
    givenUp: await money.readGivenUp(payments),
    ledger: await money.readLedger(payments),
    held: new Set((await money.readHeldCalls(payments)).map(({ orderId }) => orderId)),
  });
}

async function ledger({ databases: { payments, fulfillment } }: Evidence): Promise<Verdict> {
  const books = await checkLedger(money.readLedgerLines(payments), {
    takings: await money.readTakings(payments),
    settlements: await money.readSettlements(payments),
  });
  const invoices = checkInvoices(
    await money.readInvoices(payments),
    await money.readInvoicedShipments(payments, fulfillment),
  );
  return together(books, await checkCreditLimits(money.readCreditFacts(payments)), invoices);
}

async function live({ databases: { orders }, feedEntries }: Evidence): Promise<Verdict> {
  return checkLive(feedEntries(), orderRows.readOrderFacts(orders));
}

async function fenced({ databases, logs }: Evidence): Promise<Verdict> {
  const ofAll = async <Row>(read: (subgraph: Subgraph) => Promise<readonly Row[]>) =>
    (await Promise.all(SUBGRAPHS.map(read))).flat();
  async function* inTurn<Row>(read: (subgraph: Subgraph) => AsyncGenerator<Row>) {
    for (const subgraph of SUBGRAPHS) yield* read(subgraph);
  }
  const intents = await ofAll((subgraph) => fencing.readIntents(databases[subgraph], subgraph));
  return checkFenced({
    epochs: await ofAll((subgraph) => fencing.readEpochs(databases[subgraph], subgraph)),
    readers: fencing.readersOf(await ofAll((subgraph) => logs[subgraph].offsets()), intents),
    repeated: await ofAll((subgraph) => fencing.readRepeated(databases[subgraph], subgraph)),
    eventIds: inTurn((subgraph) => fencing.readEventIds(databases[subgraph])),
    derived: inTurn((subgraph) => fencing.readDerived(databases[subgraph], subgraph)),
  });
}
