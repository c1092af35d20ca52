// The log of another subgraph as the reserver meets it: messages for JetStream, and heads and events by HTTP. It stands in for
// the real one, since what is measured is inventory alone.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { PARTITION_COUNT, type Source } from '@crossdock/contracts';
import { z } from 'zod';

/** An event as it stands in a log: its id, and its travelling JSON. */
export interface LoggedEvent {
  readonly partition: number;
  readonly eventId: string;
  readonly text: string;
}

export interface LogStandIn {
  readonly source: Source;
  readonly url: string;
  /** Appends events; answers the message that a relay would publish of them. */
  readonly append: (events: readonly LoggedEvent[]) => string;
  /** Position of the last event of a partition. */
  readonly head: (partition: number) => number;
  readonly close: () => Promise<void>;
}

type Log = readonly LoggedEvent[][];
/** A run of a partition's events: behind `from`, up to `until`. */
interface Run {
  readonly partition: number;
  readonly from: number;
  readonly until: number;
}

const place = z.object({ partition: z.int(), position: z.int() });
const readRequest = z.object({ after: z.array(place), limit: z.int() });

/** Serves an empty log. */
export async function openLogStandIn(source: Source): Promise<LogStandIn> {
  const log: Log = Array.from({ length: PARTITION_COUNT }, () => []);
  const server = createServer((request, response) => {
    void answered(source, log, request).then(
      (text) => response.setHeader('content-type', 'application/json').end(text),
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    source,
    url: urlOf(server),
    append: (events) => messageOf(source, log, appended(log, events)),
    head: (partition) => log[partition]?.length ?? 0,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in listens on no port');
  return `http://127.0.0.1:${address.port}`;
}

function appended(log: Log, events: readonly LoggedEvent[]): readonly Run[] {
  const runs = new Map<number, Run>();
  for (const event of events) {
    const own = log[event.partition];
    if (own === undefined) throw new Error(`There is no partition ${event.partition}`);
    const from = runs.get(event.partition)?.from ?? own.length;
    own.push(event);
    runs.set(event.partition, { partition: event.partition, from, until: own.length });
  }
  return [...runs.values()];
}

function messageOf(source: Source, log: Log, runs: readonly Run[]): string {
  return `{"source":"${source}","slices":[${runs.map((run) => sliceOf(log, run)).join(',')}]}`;
}

function sliceOf(log: Log, { partition, from, until }: Run): string {
  const own = log[partition] ?? [];
  const before = JSON.stringify(own[from - 1]?.eventId ?? null);
  const events = own.slice(from, until).map(({ text }) => text);
  return `{"partition":${partition},"after":{"position":${from},"eventId":${before}},"events":[${events.join(',')}]}`;
}

async function answered(source: Source, log: Log, request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  switch (request.url) {
    case '/internal/log/heads':
      return JSON.stringify({ heads: log.map(headOf) });
    case '/internal/log/read':
      return pageOf(source, log, readRequest.parse(JSON.parse(Buffer.concat(chunks).toString())));
    // What this subgraph has consumed of the reserver's log: nothing.
    case '/internal/log/consumed':
      return '{"positions":[]}';
    default:
      throw new Error(`A log is not asked ${request.url}`);
  }
}

/** It never forks: whatever is shown agrees. */
function headOf(own: readonly LoggedEvent[], partition: number) {
  return { partition, position: own.length, eventId: own.at(-1)?.eventId ?? null, agrees: true };
}

function pageOf(source: Source, log: Log, { after, limit }: z.infer<typeof readRequest>): string {
  const runs = after
    .map(({ partition, position }) => ({
      partition,
      from: position,
      until: Math.min(position + limit, log[partition]?.length ?? 0),
    }))
    .filter(({ from, until }) => until > from);
  return messageOf(source, log, runs);
}
