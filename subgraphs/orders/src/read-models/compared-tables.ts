// Tables of orders that follow from its own log, but that commands are decided on: compared with it, never replaced.
import { type Fact, readFact, type TravellingEvent } from '@crossdock/contracts';
import {
  type ComparedReadModel,
  loadShape,
  type Sql,
  type TableRow,
  writeRows,
} from '@crossdock/event-store';
import { orderDecider } from '../domain/order.ts';
import { unitsOf } from '../domain/order-book.ts';
import type { OrderFact, OrderState } from '../domain/order-state.ts';

/** Events of one page: a fold of it takes less than a second. */
const PAGE_EVENTS = 2_000;

type StreamRow = Readonly<{
  stream_id: string;
  version: number;
  type: string;
  schema_version: number;
  data: TravellingEvent['data'];
}>;

/** The fact of the order's stream that a logged event is; null for facts of partners. */
function factOfStream(fact: Fact<'orders'>): OrderFact | null {
  switch (fact.type) {
    case 'PartnerRegistered':
    case 'PartnerRevised':
      return null;
    case 'OrderPlaced':
      return {
        type: fact.type,
        data: { unitsOrdered: unitsOf(fact.data.lines) },
      };
    case 'OrderConfirmed':
      return {
        type: fact.type,
        data: { lines: fact.data.lines ?? null, backordered: fact.data.backordered ?? null },
      };
    default:
      // What remains is stored as it was decided.
      return { type: fact.type, data: fact.data } as OrderFact;
  }
}

function evolved(state: OrderState, row: StreamRow): OrderState {
  const fact = readFact('orders', {
    id: '',
    category: 'order',
    stream: row.stream_id,
    version: row.version,
    type: row.type,
    schemaVersion: row.schema_version,
    data: row.data,
    metadata: {},
    at: '',
  });
  const own = fact === null ? null : factOfStream(fact);
  return own === null ? state : orderDecider.evolve(state, own);
}

/** Folds every order's stream by the decider's own `evolve`. */
async function fillStatuses(sql: Sql, into: string): Promise<void> {
  const shape = await loadShape(sql, into);
  let states = new Map<string, OrderState>();
  let last = { stream_id: '', version: 0 };
  for (;;) {
    const page = await sql<StreamRow[]>`
      SELECT stream_id, version, type, schema_version, data FROM events
      WHERE category = 'order' AND (stream_id, version) > (${last.stream_id}, ${last.version})
      ORDER BY stream_id, version LIMIT ${PAGE_EVENTS}`;
    for (const row of page)
      states.set(row.stream_id, evolved(states.get(row.stream_id) ?? orderDecider.initialState, row));
    last = page.at(-1) ?? last;
    const ended = page.length < PAGE_EVENTS;
    // A stream that the page cuts is folded on by the next one.
    const open = ended ? undefined : states.get(last.stream_id);
    if (open !== undefined) states.delete(last.stream_id);
    await writeRows(sql, into, shape, [...states].map(statusRow));
    if (ended) return;
    states = new Map(open === undefined ? [] : [[last.stream_id, open]]);
  }
}

function statusRow([orderId, state]: readonly [string, OrderState]): TableRow {
  return {
    order_id: orderId,
    status: state.status,
    status_reason: state.statusReason,
    version: state.version,
    units_ordered: state.unitsOrdered,
    units_confirmed: state.unitsConfirmed,
  };
}

async function fillPartners(sql: Sql, into: string): Promise<void> {
  await sql`
    INSERT INTO ${sql(into)} (partner_id, partition, name, currency_code, payment_methods, version)
    SELECT DISTINCT ON (stream_id) stream_id, partition, data ->> 'name', data ->> 'currencyCode',
           ARRAY(SELECT jsonb_array_elements_text(data -> 'paymentMethods')), version
    FROM events WHERE category = 'partner' ORDER BY stream_id, version DESC`;
}

export const COMPARED_TABLES: readonly ComparedReadModel[] = [
  {
    kind: 'compared',
    name: 'orders.statuses',
    about: "the orders' status, version and units, as their own facts tell",
    table: 'orders',
    columns: ['order_id', 'status', 'status_reason', 'version', 'units_ordered', 'units_confirmed'],
    fill: fillStatuses,
  },
  {
    kind: 'compared',
    name: 'orders.partners',
    about: 'partners, as their own facts tell',
    table: 'partners',
    columns: ['partner_id', 'partition', 'name', 'currency_code', 'payment_methods', 'version'],
    fill: fillPartners,
  },
];
