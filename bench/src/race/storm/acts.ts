// What can happen in a storm, each with what the client learns of it for its own books.
import type { AskedOrder } from '../../replay/prepared-orders.ts';
import type { Done } from '../claimants.ts';
import type { Tally } from '../expectation.ts';
import type { RaceStage } from '../race.ts';

export interface Storm {
  readonly stage: RaceStage;
  readonly skus: readonly string[];
  /** Units that came in, less those that were found missing. */
  readonly supply: Tally;
  /** Units asked for. What is cancelled stays in it: the sweep asks for whatever a cancellation gives back. */
  readonly demand: Tally;
  readonly placed: string[];
  /** Every hold that was made, to be given back in the end whatever became of its order. */
  readonly everHeld: string[];
  /** Holds that nobody has claimed yet. */
  readonly holds: {
    readonly holdId: string;
    readonly partnerId: string;
    readonly lines: readonly Wanted[];
  }[];
}

type Wanted = Readonly<{ sku: string; quantity: number }>;

export interface Act {
  readonly name: 'place' | 'wait' | 'cancel' | 'receive' | 'count' | 'damage' | 'hold' | 'claim';
  readonly weight: number;
  readonly act: (storm: Storm) => Promise<void>;
}

const WAREHOUSES = ['LON', 'BHX'] as const;
const LINES_MAX = 3;
const UNITS_MAX = 4;
const RECEIVED_MAX = 6;
const DAMAGED_MAX = 3;
/** A count finds so many units more or fewer at most. */
const MISCOUNT_MAX = 3;
const SHIP_AVAILABLE_SHARE = 0.3;

export const ACTS: readonly Act[] = [
  { name: 'place', weight: 50, act: place },
  { name: 'wait', weight: 8, act: (storm) => wait(storm) },
  { name: 'cancel', weight: 12, act: cancel },
  { name: 'receive', weight: 8, act: receive },
  { name: 'count', weight: 8, act: count },
  { name: 'damage', weight: 8, act: damage },
  { name: 'hold', weight: 8, act: hold },
  { name: 'claim', weight: 6, act: claim },
];

const below = ({ stage }: Storm, most: number) => Math.floor(stage.draw() * most);

function oneOf<Value>(storm: Storm, values: readonly Value[]): Value {
  const value = values[below(storm, values.length)];
  if (value === undefined) throw new Error('An empty list has no member to draw');
  return value;
}

/** One to three distinct SKUs, one to four units each. */
function wanted(storm: Storm): readonly Wanted[] {
  const start = below(storm, storm.skus.length);
  const count = 1 + below(storm, LINES_MAX);
  return Array.from({ length: count }, (_, index) => ({
    sku: storm.skus[(start + index) % storm.skus.length] ?? '',
    quantity: 1 + below(storm, UNITS_MAX),
  }));
}

async function place(storm: Storm): Promise<void> {
  const shortagePolicy = storm.stage.draw() < SHIP_AVAILABLE_SHARE ? 'SHIP_AVAILABLE' : 'REJECT';
  await order(storm, 'place', {
    partnerId: oneOf(storm, storm.stage.partners),
    lines: wanted(storm),
    shortagePolicy,
  });
}

const wait = (storm: Storm) =>
  order(storm, 'wait', {
    partnerId: oneOf(storm, storm.stage.partners),
    lines: wanted(storm),
    shortagePolicy: 'BACKORDER',
  });

async function order(storm: Storm, act: Act['name'], asked: Omit<AskedOrder, 'invoice'>): Promise<void> {
  const outcome = await storm.stage.buyers.buy(asked);
  storm.stage.deeds.note(act, outcome.kind === 'acknowledged' ? undefined : outcome.codes);
  if (outcome.kind !== 'acknowledged') return;
  storm.demand.add(asked.lines);
  storm.placed.push(outcome.orderId);
}

/** Whether it was in time is the platform's to say; either way the books stay right. */
async function cancel(storm: Storm): Promise<void> {
  if (storm.placed.length === 0) return place(storm);
  // The newest are those that a cancellation can still catch.
  const recent = storm.placed.slice(-LINES_MAX);
  known(storm, 'cancel', await storm.stage.claimants.cancel(oneOf(storm, recent)));
}

async function receive(storm: Storm): Promise<void> {
  const lines = [
    {
      sku: oneOf(storm, storm.skus),
      warehouseId: oneOf(storm, WAREHOUSES),
      quantity: 1 + below(storm, RECEIVED_MAX),
    },
  ];
  if (known(storm, 'receive', await storm.stage.claimants.receive(lines))) storm.supply.add(lines);
}

/** A count names what it began from: where the shelf moved meanwhile it is refused, and nothing happened. */
async function count(storm: Storm): Promise<void> {
  const { claimants } = storm.stage;
  const [sku, warehouseId] = [oneOf(storm, storm.skus), oneOf(storm, WAREHOUSES)];
  const shelf = await claimants.shelf(sku, warehouseId);
  if (shelf === null) return;
  const difference = below(storm, 2 * MISCOUNT_MAX + 1) - MISCOUNT_MAX;
  const counted = Math.max(0, shelf.onHand + difference);
  const line = { sku, warehouseId, counted, expectedVersion: shelf.version, reason: 'COUNT' };
  if (known(storm, 'count', await claimants.adjust(line)))
    storm.supply.add([{ sku, quantity: counted - shelf.onHand }]);
}

async function damage(storm: Storm): Promise<void> {
  const sku = oneOf(storm, storm.skus);
  const quantity = 1 + below(storm, DAMAGED_MAX);
  const line = { sku, warehouseId: oneOf(storm, WAREHOUSES), delta: -quantity, reason: 'DAMAGE' };
  if (known(storm, 'damage', await storm.stage.claimants.adjust(line)))
    storm.supply.add([{ sku, quantity }], -1);
}

async function hold(storm: Storm): Promise<void> {
  const lines = wanted(storm);
  const partnerId = oneOf(storm, storm.stage.partners);
  const held = await storm.stage.claimants.hold(partnerId, lines);
  if (!known(storm, 'hold', held)) return;
  storm.everHeld.push(held.payload.holdId);
  storm.holds.push({ holdId: held.payload.holdId, partnerId, lines });
}

/** Places the order of a hold: its units, and nobody else's. */
async function claim(storm: Storm): Promise<void> {
  const held = storm.holds.splice(below(storm, storm.holds.length), 1)[0];
  if (held === undefined) return hold(storm);
  const { holdId, partnerId, lines } = held;
  await order(storm, 'claim', { partnerId, lines, holdId });
}

/** True where it was done, which is noted; throws where nobody can tell, since the books would be a guess from then on. */
function known<Payload>(
  { stage }: Storm,
  act: Act['name'],
  done: Done<Payload>,
): done is Extract<Done<Payload>, { kind: 'done' }> {
  if (done.kind === 'unknown')
    throw new Error(`Nobody can tell what became of a ${act}: ${done.codes.join(', ')}`);
  stage.deeds.note(act, done.kind === 'done' ? undefined : done.codes);
  return done.kind === 'done';
}
