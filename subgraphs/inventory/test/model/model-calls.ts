import * as goods from './goods-rules.ts';
import type { Call, Fact, Request } from './operations.ts';
import * as orders from './order-rules.ts';
import type { Model, Status } from './stock-model.ts';

function hear(model: Model, fact: Fact): void {
  switch (fact.kind) {
    case 'place':
      return orders.place(model, fact);
    case 'reject':
    case 'cancel':
      return orders.close(model, fact);
    case 'cancel lines':
      return orders.cancelLines(model, fact);
    case 'plan':
      return orders.plan(model, fact);
    case 'ship':
      return orders.ship(model, fact);
    case 'warehouse':
      return;
  }
}

function answer(model: Model, request: Request): void {
  switch (request.kind) {
    case 'receive':
      return goods.receive(model, request);
    case 'adjust':
      return goods.adjust(model, request.lines);
    case 'count':
      return goods.count(model, request);
    case 'safety':
      return goods.keepBack(model, request);
    case 'send':
      return goods.send(model, request);
    case 'arrive':
      return goods.arrive(model, request);
    case 'hold':
      return goods.hold(model, request);
    case 'extend':
      return;
    case 'let go':
      return goods.endHold(model, request.label, 'RELEASED');
    case 'expire':
      return goods.endHold(model, request.label, 'EXPIRED');
    case 'release':
      return orders.release(model);
  }
}

/** Things that happen in one call at most, as instants. */
const INSTANTS = 1_000;

/** Plays one call; warehouses open and shut at the end of their batch, as told last. `at` is when it was written. */
function play(model: Model, call: Call, at: number): void {
  model.call = at;
  model.moment = at * INSTANTS;
  const happens = (what: () => void) => {
    model.moment += 1;
    what();
  };
  if ('request' in call) return happens(() => answer(model, call.request));
  const statuses = new Map<string, Status>();
  for (const fact of call.facts) {
    if (fact.kind === 'warehouse') statuses.set(fact.warehouseId, fact.status);
  }
  for (const fact of call.facts) happens(() => hear(model, fact));
  if (statuses.size > 0) happens(() => goods.setStatuses(model, statuses));
}

/**
 * A model in which the calls were decided in the given order, on a copy. `written` has the place of each in the order in which they
 * were written, where that is another one.
 */
export function played(
  model: Model,
  calls: readonly Call[],
  written: readonly number[] = calls.map((_, place) => place),
): Model {
  const copy = structuredClone(model);
  for (const [index, call] of calls.entries()) play(copy, call, model.call + 1 + (written[index] ?? index));
  copy.call = model.call + calls.length;
  return copy;
}
