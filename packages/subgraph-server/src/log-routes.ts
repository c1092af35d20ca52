import { timingSafeEqual } from 'node:crypto';
import {
  closeIfBehind,
  compareWithLog,
  LOG_READ_LIMIT_MAX,
  loadClosing,
  loadConsumed,
  readLog,
  readLogOfPartners,
  type Sql,
  slicesJson,
} from '@crossdock/event-store';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

const place = z.object({ partition: z.int().min(0).max(7), position: z.int().min(0) });
const headsRequest = z.object({
  positions: z.array(place.extend({ eventId: z.string().nullable() })).max(8),
  /** Who consumed up to there. A client's cursor is shown without: it may be of another installation. */
  consumer: z.string().optional(),
});
const consumedRequest = z.object({ source: z.string() });
const readRequest = z.object({
  after: z.array(place).max(8),
  limit: z.int().min(1).max(LOG_READ_LIMIT_MAX),
  /** Only what is of these partners. */
  partnerIds: z.array(z.string()).max(1_000).optional(),
});

function mayRead(header: string | undefined, secret: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${secret}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The log as the other subgraphs and the gateway's feed read it; never beyond the relay's committed intent. */
export function addLogRoutes(app: FastifyInstance, source: string, sql: Sql, secret: string): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/internal/')) return;
    if (!mayRead(request.headers.authorization, secret)) await reply.code(401).send({ error: 'not allowed' });
  });
  app.post('/internal/log/heads', async (request) => {
    const { positions, consumer } = headsRequest.parse(request.body);
    const heads = await compareWithLog(sql, positions);
    if (heads.every((each) => each.agrees)) return { heads, closed: false };
    if (consumer !== undefined) await closeIfBehind(sql, consumer, positions);
    return { heads, closed: (await loadClosing(sql)) !== null };
  });
  app.post('/internal/log/consumed', async (request) => {
    const { source: of } = consumedRequest.parse(request.body);
    return { positions: await loadConsumed(sql, source, of) };
  });
  app.post('/internal/log/read', async (request, reply) => {
    const { after, limit, partnerIds } = readRequest.parse(request.body);
    const page =
      partnerIds === undefined
        ? readLog(sql, after, limit)
        : readLogOfPartners(sql, after, limit, partnerIds);
    const { slices, heads } = await page;
    reply.type('application/json');
    return `{"source":"${source}","slices":${slicesJson(slices)},"heads":${JSON.stringify(heads)}}`;
  });
}
