// The gateway as the WMS sees it: answers `confirmShipments` by a script and remembers every call. Tests only.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Row {
  readonly shipmentId: string;
  readonly releaseEpoch: number;
  readonly lines: readonly { sku: string; quantity: number }[];
  readonly carrier: string;
  readonly trackingNumber: string;
}

export interface ConfirmCall {
  readonly token: string;
  readonly idempotencyKey: string;
  readonly rows: readonly Row[];
  readonly content: string;
}

export interface Scripted {
  readonly status: number;
  readonly body: unknown;
}

/** An answer to a call; undefined leaves it unanswered. */
export type Script = (call: ConfirmCall) => Scripted | undefined | Promise<Scripted | undefined>;

export interface StandIn {
  readonly url: string;
  readonly calls: ConfirmCall[];
  script: Script;
  /** Most calls of one token that were out at once. */
  readonly mostAtOnce: () => number;
  close(): void;
}

export function confirmedAll({ rows }: ConfirmCall): Scripted {
  return answered(rows.map(() => undefined));
}

/** One code, or undefined for confirmed, for each row. */
export function answered(codes: readonly (string | undefined)[]): Scripted {
  const results = codes.map((code, index) => ({
    index,
    shipment: code === undefined ? { id: 'x', status: 'SHIPPED' } : null,
    userErrors: code === undefined ? [] : [{ code, message: 'no' }],
  }));
  return { status: 200, body: { data: { confirmShipments: { results, replayed: false, userErrors: [] } } } };
}

export async function startStandIn(script: Script = confirmedAll): Promise<StandIn> {
  const calls: ConfirmCall[] = [];
  const out = new Map<string, number>();
  let most = 0;
  const server = createServer((request, response) => {
    void readCall(request).then(async (call) => {
      calls.push(call);
      out.set(call.token, (out.get(call.token) ?? 0) + 1);
      most = Math.max(most, ...out.values());
      const answer = await standIn.script(call);
      out.set(call.token, (out.get(call.token) ?? 0) - 1);
      if (answer === undefined) return;
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  const standIn: StandIn = { url: `http://127.0.0.1:${port}`, calls, script, mostAtOnce: () => most, close };
  return standIn;
}

async function readCall(request: IncomingMessage): Promise<ConfirmCall> {
  let content = '';
  for await (const chunk of request) content += String(chunk);
  const { variables } = JSON.parse(content) as {
    variables: { input: { idempotencyKey: string; shipments: Row[] } };
  };
  const { idempotencyKey, shipments: rows } = variables.input;
  const token = (request.headers.authorization ?? '').replace('Bearer ', '');
  return { token, idempotencyKey, rows, content };
}
