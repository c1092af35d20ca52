// What stands around fulfillment in a test of the whole process: the others' logs over HTTP and JetStream, and a gateway
// that turns a client's token into its own. Nothing here decides.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Source, subjectOf } from '@crossdock/contracts';
import { type ArrivedEvent, openBus } from '@crossdock/messaging';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

async function listen(
  answer: (path: string, headers: Record<string, string>, body: string) => Promise<string>,
) {
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const text = await answer(request.url ?? '', headers, Buffer.concat(chunks).toString());
    response.setHeader('content-type', 'application/json');
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** The log of another subgraph: what was said is published, and may be read again. */
export async function startLog(source: Source, natsUrl: string) {
  const said: ArrivedEvent[] = [];
  const bus = await openBus(natsUrl, `test ${source}`);
  const idAt = (position: number) => said[position - 1]?.event.id ?? null;
  const partition = () => said[0]?.partition ?? 0;
  const sliceAfter = (position: number) => ({
    ...{ partition: partition(), after: { position, eventId: idAt(position) } },
    events: said.slice(position).map(({ event }) => event),
  });
  const head = () => ({ partition: partition(), position: said.length, eventId: idAt(said.length) });
  const server = await listen(async (path, _headers, body) => {
    const asked = JSON.parse(body);
    if (path === '/internal/log/consumed') return JSON.stringify({ positions: [] });
    if (path === '/internal/log/heads') return JSON.stringify({ heads: [{ ...head(), agrees: true }] });
    const after: { partition: number; position: number }[] = asked.after;
    const from = after.find((each) => each.partition === partition())?.position ?? said.length;
    const slices = from < said.length ? [sliceAfter(from)] : [];
    return JSON.stringify({ source, slices, heads: [head()] });
  });
  return {
    url: server.url,
    say: async (...events: readonly ArrivedEvent[]) => {
      const before = said.length;
      said.push(...events);
      const message = JSON.stringify({ source, slices: [sliceAfter(before)] });
      await bus.publish(subjectOf(source), message, `${source} ${before}`).catch(() => undefined);
    },
    close: async () => {
      await server.close();
      await bus.close();
    },
  };
}

export type Claims = Readonly<{
  sub: string;
  role: string;
  partner?: string;
  partners?: string[];
  warehouse?: string;
}>;
type Answer = {
  data: Record<string, unknown> | null;
  errors?: { message: string; extensions: { code: string } }[];
};

/** A gateway whose client tokens are the JSON of their claims; `target` may move between requests. */
export async function startGateway() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  const publicJwk = JSON.stringify(await exportJWK(publicKey));
  let target = '';
  const forward = async (claims: Claims, body: string): Promise<string> => {
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer('crossdock-gateway')
      .setAudience('fulfillment')
      .setExpirationTime('30s')
      .sign(privateKey);
    const headers = { 'content-type': 'application/json', 'x-internal-auth': token };
    const response = await fetch(`${target}/graphql`, { method: 'POST', headers, body });
    return response.text();
  };
  const server = await listen(async (_path, headers, body) => {
    const token = headers.authorization?.slice('Bearer '.length) ?? '';
    const down = JSON.stringify({
      errors: [{ message: 'down', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
    return forward(JSON.parse(token), body).catch(() => down);
  });
  return {
    ...{ url: server.url, publicJwk, close: server.close },
    pointAt: (url: string) => {
      target = url;
    },
    ask: async (claims: Claims, query: string, variables: object = {}): Promise<Answer> =>
      JSON.parse(await forward(claims, JSON.stringify({ query, variables }))),
  };
}
