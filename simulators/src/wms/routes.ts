import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { HeldConnections } from '../faults/held-connections.ts';
import type { Journal } from '../journal/journal.ts';
import type { Counters } from '../server/counters.ts';
import { badInput, problem, sendProblem } from '../server/problem.ts';
import { consignmentOf } from './confirmation.ts';
import type { Confirmer } from './confirmer.ts';
import type { WmsFaults } from './fault-modes.ts';
import {
  type PickName,
  pickName,
  type ShipmentOrder,
  shipmentOrder,
  type WmsEntry,
} from './journal-lines.ts';
import { type AcceptDecision, decideAccept, decideRecall, type Pick, type RecallResult } from './pick.ts';
import type { PickBook } from './pick-book.ts';
import type { PickingFloor } from './picking-floor.ts';

export interface WmsRoutes {
  readonly book: PickBook;
  readonly journal: Journal<WmsEntry>;
  readonly confirmer: Confirmer;
  readonly floor: PickingFloor;
  readonly faults: WmsFaults;
  readonly held: HeldConnections;
  readonly counters: Counters;
}

/** Rows of one request. */
const MAX_ROWS = 200;
/** A recall waits so long for Crossdock's answer about goods that are at the door. */
const RECALL_WAIT_MS = 2_000;

const release = z.object({ shipments: z.array(shipmentOrder).min(1).max(MAX_ROWS) });
const recall = z.object({ recalls: z.array(pickName).min(1).max(MAX_ROWS) });

const DOWN = { ...problem(503, 'unavailable', 'The warehouse cannot be reached.'), retryAfterSeconds: 1 };
const UNKNOWN_SHIPMENT = problem(404, 'unknown_shipment', 'No warehouse was told this shipment.');

export function addWmsRoutes(app: FastifyInstance, routes: WmsRoutes): void {
  const { book, journal, faults } = routes;
  routes.counters.describe('shipments_total', 'Shipments told, by result.');
  routes.counters.describe('recalls_total', 'Shipments recalled, by result.');
  app.post('/v1/shipments', (request, reply) => acceptShipments(routes, request, reply));
  app.post('/v1/shipments/recall', (request, reply) => recallShipments(routes, request, reply));
  app.get('/v1/shipments/:id', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
    const pick = book.latest(request.params.id);
    if (faults.strikes('down', pick === undefined ? [] : [pick.warehouseId])) return sendProblem(reply, DOWN);
    await journal.durable();
    return pick === undefined ? sendProblem(reply, UNKNOWN_SHIPMENT) : pickView(pick);
  });
}

async function acceptShipments(routes: WmsRoutes, request: FastifyRequest, reply: FastifyReply) {
  const { journal, faults, held, floor, counters } = routes;
  const body = release.safeParse(request.body);
  if (!body.success) return sendProblem(reply, badInput(body.error));
  const { shipments } = body.data;
  const warehouseIds = shipments.map(({ warehouseId }) => warehouseId);
  if (faults.strikes('down', warehouseIds)) return sendProblem(reply, DOWN);
  const begun: Pick[] = [];
  const results = shipments.map((order) => {
    const decision = accept(routes, order, begun);
    counters.add('shipments_total', `result="${decision.result}"`);
    return resultView(order, decision);
  });
  await journal.durable();
  floor.take(begun, Date.now());
  if (!faults.strikes('accept-then-timeout', warehouseIds)) return { results };
  held.hold(reply);
  return reply;
}

/** Decides one row on what the rows before it left; new work is added to `begun`. */
function accept({ book, journal, faults }: WmsRoutes, order: ShipmentOrder, begun: Pick[]): AcceptDecision {
  if (faults.strikes('reject', [order.warehouseId])) return { result: 'REFUSED', reason: 'REJECTED' };
  const decision = decideAccept(order, book.known(order));
  for (const line of journal.write(entriesFor(order, decision))) {
    book.apply(line);
    const pick = line.kind === 'cancelled' ? undefined : book.pick(order);
    if (pick !== undefined) begun.push(pick);
  }
  return decision;
}

function entriesFor(order: ShipmentOrder, decision: AcceptDecision): WmsEntry[] {
  const { shipmentId, releaseEpoch } = order;
  if (decision.result === 'ACCEPTED') {
    const { supersedes } = decision;
    const taken: WmsEntry = { kind: 'accepted', ...order };
    if (supersedes === undefined) return [taken];
    return [
      { kind: 'cancelled', shipmentId, releaseEpoch: supersedes.releaseEpoch, code: 'SUPERSEDED' },
      taken,
    ];
  }
  const resumes = decision.result === 'ALREADY_ACCEPTED' && decision.resumes;
  return resumes ? [{ kind: 'resumed', shipmentId, releaseEpoch }] : [];
}

function resultView({ shipmentId, releaseEpoch }: ShipmentOrder, decision: AcceptDecision) {
  const { result } = decision;
  return { shipmentId, releaseEpoch, result, ...(result === 'REFUSED' ? { reason: decision.reason } : {}) };
}

async function recallShipments(routes: WmsRoutes, request: FastifyRequest, reply: FastifyReply) {
  const { book, journal, confirmer, faults, counters } = routes;
  const body = recall.safeParse(request.body);
  if (!body.success) return sendProblem(reply, badInput(body.error));
  const { recalls } = body.data;
  const picks = recalls.flatMap((name) => book.pick(name) ?? []);
  const warehouseIds = picks.map(({ warehouseId }) => warehouseId);
  if (faults.strikes('down', warehouseIds)) return sendProblem(reply, DOWN);
  const atTheDoor = picks.filter(({ status }) => status === 'CONFIRMING');
  if (atTheDoor.length > 0) await confirmer.answered(atTheDoor, RECALL_WAIT_MS);
  const results = recalls.map((name) => {
    const result = recallOne(routes, name);
    counters.add('recalls_total', `result="${result}"`);
    return { shipmentId: name.shipmentId, releaseEpoch: name.releaseEpoch, result };
  });
  await journal.durable();
  return { results };
}

function recallOne({ book, journal }: WmsRoutes, { shipmentId, releaseEpoch }: PickName): RecallResult {
  const name = { shipmentId, releaseEpoch };
  const { result, writes } = decideRecall(book.pick(name), book.isRecalled(name));
  if (writes) for (const line of journal.write([{ kind: 'recalled' as const, ...name }])) book.apply(line);
  return result;
}

function pickView(pick: Pick) {
  const { shipmentId, releaseEpoch, warehouseId, orderNumber, status, reason, lines, acceptedAt, shippedAt } =
    pick;
  const consignment = status === 'SHIPPED' ? consignmentOf(pick) : { carrier: null, trackingNumber: null };
  const known = { shipmentId, releaseEpoch, warehouseId, orderNumber, status, reason };
  return { ...known, lines, ...consignment, acceptedAt, shippedAt };
}
