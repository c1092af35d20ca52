// Speaks the payment provider's contract as a merchant does, and can be killed in the middle of it. Tests only.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { API_KEY, type ChildServer, call, type Reply } from './child-server.ts';

/** How long what must come may take on a busy machine. */
export const EVENTUALLY = { timeout: 25_000 };

export interface PaymentClient {
  post(path: string, body?: unknown, key?: string): Promise<Reply>;
  get(path: string): Promise<Reply>;
  put(path: string, body: object): Promise<Reply>;
  setMode(mode: object): Promise<Reply>;
  setGate(operation: string, phase: 'before' | 'after', count?: number): Promise<Reply>;
  gate(): Promise<GateState>;
  letGo(how: 'go-on' | 'drop'): Promise<Reply>;
  create(orderId: string, cardToken?: string, amountMinor?: number): Promise<string>;
  renew(orderId: string, renews: string): Promise<Reply>;
  authorise(orderId: string): Promise<string>;
  capture(id: string, orderId: string, amountMinor: number, key?: string): Promise<Reply>;
}

export interface GateState {
  readonly remaining: number;
  readonly held: readonly {
    readonly operation: string;
    readonly phase: string;
    readonly authorizationId: string | null;
    readonly orderId: string | null;
    readonly clientGone: boolean;
  }[];
}

export function referenceOf(orderId: string, purpose: string, instance: string) {
  return { orderId, purpose, epoch: 1, instance };
}

/** `server` is asked for each call, so that it may be another one after a crash. */
export function paymentClient(server: () => ChildServer): PaymentClient {
  const post = (path: string, body?: unknown, key: string = randomUUID()) =>
    call('POST', `${server().url}${path}`, body, { 'idempotency-key': key });
  const get = (path: string) => call('GET', `${server().url}${path}`);
  const put = (path: string, body: object) => call('PUT', `${server().url}${path}`, body);
  const creation = (orderId: string, amountMinor: number) => ({
    amountMinor,
    currencyCode: 'GBP',
    reference: referenceOf(orderId, 'authorisation', orderId),
  });
  const create = async (orderId: string, cardToken = 'tok_visa', amountMinor = 1_000) => {
    const { status, body } = await post('/v1/authorizations', {
      ...creation(orderId, amountMinor),
      cardToken,
    });
    if (status !== 201) throw new Error(`Nothing was created: ${status}`);
    return String(body.id);
  };
  return {
    post,
    get,
    put,
    setMode: (mode) => put('/control/mode', mode),
    setGate: (operation, phase, count = 1) => put('/control/gate', { operation, phase, count }),
    // Shaped by `Gate.state`; what differs fails the test that looks at it.
    gate: async () => (await get('/control/gate')).body as unknown as GateState,
    letGo: (how) => post('/control/gate/release', { how }),
    create,
    renew: (orderId, renews) => post('/v1/authorizations', { ...creation(orderId, 1_000), renews }),
    authorise: async (orderId) => {
      const id = await create(orderId);
      const { body } = await post(`/v1/authorizations/${id}/confirm`);
      if (body.status !== 'authorised') throw new Error(`Not authorised: ${String(body.status)}`);
      return id;
    },
    capture: (id, orderId, amountMinor, key) => {
      const reference = referenceOf(orderId, 'capture', `shipment-of-${orderId}`);
      return post(`/v1/authorizations/${id}/captures`, { amountMinor, reference }, key);
    },
  };
}

/** Another process that makes one call and waits for its answer until it is killed. */
export function startDoomedClient(
  method: 'GET' | 'POST',
  url: string,
  key: string,
  body: object = {},
): { kill(): Promise<void> } {
  const headers = {
    authorization: `Bearer ${API_KEY}`,
    'idempotency-key': key,
    'content-type': 'application/json',
  };
  const request = { method, headers, ...(method === 'POST' ? { body: JSON.stringify(body) } : {}) };
  const script = `await fetch(${JSON.stringify(url)}, ${JSON.stringify(request)})`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
