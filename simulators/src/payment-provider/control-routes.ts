import type { FastifyInstance } from 'fastify';
import { badInput, problem, sendProblem } from '../server/problem.ts';
import { type PaymentFaults, paymentFaultMode } from './fault-modes.ts';
import { type Gate, gateRelease, gateSetting } from './gates.ts';
import { type AuthorisationTerms, termsChange } from './terms.ts';
import { webhookReplay, webhookSwitches } from './webhooks/switches.ts';
import type { WebhookDesk } from './webhooks/webhook-desk.ts';

const NO_WEBHOOKS = problem(409, 'webhooks_not_configured', 'The provider was started without WEBHOOK_URL.');
const NOTHING_SENT = {
  ...{ sent: 0, accepted: 0, refused: 0, forgedSent: 0, forgedAccepted: 0, lost: 0 },
  waiting: 0,
};

interface Controlled {
  readonly faults: PaymentFaults;
  readonly gate: Gate;
  readonly terms: AuthorisationTerms;
  readonly webhooks: WebhookDesk | undefined;
}

/** How whoever tests against the provider makes it misbehave. */
export function addControlRoutes(
  scope: FastifyInstance,
  { faults, gate, terms, webhooks }: Controlled,
): void {
  addFaultControl(scope, faults);
  addGateControl(scope, gate);
  addTermsControl(scope, terms);
  addWebhookControl(scope, webhooks);
}

function addFaultControl(scope: FastifyInstance, faults: PaymentFaults): void {
  scope.get('/control/mode', () => faults.mode);
  scope.put('/control/mode', (request, reply) => {
    const mode = paymentFaultMode.safeParse(request.body);
    if (!mode.success) return sendProblem(reply, badInput(mode.error));
    faults.set(mode.data);
    return reply.send(faults.mode);
  });
}

function addGateControl(scope: FastifyInstance, gate: Gate): void {
  scope.get('/control/gate', () => gate.state);
  scope.put('/control/gate', (request, reply) => {
    const setting = gateSetting.safeParse(request.body);
    if (!setting.success) return sendProblem(reply, badInput(setting.error));
    gate.set(setting.data);
    return reply.send(gate.state);
  });
  scope.post('/control/gate/release', (request, reply) => {
    const release = gateRelease.safeParse(request.body);
    if (!release.success) return sendProblem(reply, badInput(release.error));
    return reply.send({ released: gate.release(release.data.how) });
  });
}

function addTermsControl(scope: FastifyInstance, terms: AuthorisationTerms): void {
  scope.get('/control/terms', () => terms.now);
  scope.put('/control/terms', (request, reply) => {
    const change = termsChange.safeParse(request.body);
    if (!change.success) return sendProblem(reply, badInput(change.error));
    terms.set(change.data);
    return reply.send(terms.now);
  });
}

function addWebhookControl(scope: FastifyInstance, webhooks: WebhookDesk | undefined): void {
  scope.get('/control/webhooks', () => webhooks?.state ?? NOTHING_SENT);
  scope.put('/control/webhooks', (request, reply) => {
    const switches = webhookSwitches.safeParse(request.body);
    if (!switches.success) return sendProblem(reply, badInput(switches.error));
    if (webhooks === undefined) return sendProblem(reply, NO_WEBHOOKS);
    webhooks.set(switches.data);
    return reply.send(webhooks.switches);
  });
  scope.post('/control/webhooks/replay', (request, reply) => {
    const replay = webhookReplay.safeParse(request.body);
    if (!replay.success) return sendProblem(reply, badInput(replay.error));
    if (webhooks === undefined) return sendProblem(reply, NO_WEBHOOKS);
    return reply.send({ replayed: webhooks.replay(replay.data.count) });
  });
}
