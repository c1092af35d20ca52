// One subscription of the live feed over server-sent events, as a browser's EventSource reads them. It does not reconnect.
import { Agent, request } from 'undici';
import { z } from 'zod';

const item = z.discriminatedUnion('__typename', [
  z.object({ __typename: z.literal('FeedOpened'), cursor: z.string() }),
  z.object({
    __typename: z.literal('OrderEvent'),
    cursor: z.string(),
    orderId: z.string(),
    version: z.number(),
    type: z.string(),
  }),
  z.object({ __typename: z.literal('StreamGap'), cursor: z.string(), reason: z.string() }),
]);
export type FeedItem = z.infer<typeof item>;

const result = z.object({
  data: z.object({ orderFeed: item }).nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).partial().optional() }))
    .optional(),
});

const ORDER_FEED = `subscription FeedWatcher($after: String) {
  orderFeed(after: $after) {
    __typename
    ... on FeedOpened { cursor }
    ... on OrderEvent { cursor orderId version type }
    ... on StreamGap { cursor reason }
  }
}`;
/** The gateway sends a sign of life more often than this; a feed that is silent longer is dead. */
const SILENCE_MS = 60_000;
const CONNECT_MS = 5_000;

export interface FeedRequest {
  readonly gatewayUrl: string;
  readonly token: string;
  /** Go on behind this cursor. */
  readonly after: string | null;
  /** How the cursor travels: as an argument, or as a browser sends it. */
  readonly by: 'argument' | 'Last-Event-ID';
  readonly signal: AbortSignal;
}

/** Yields the items of one subscription until it ends; rejects with what ended it. */
export async function* readFeed(asked: FeedRequest): AsyncGenerator<FeedItem> {
  const dispatcher = new Agent({ bodyTimeout: SILENCE_MS, connect: { timeout: CONNECT_MS } });
  try {
    const { headers, body } = await request(new URL('/graphql', asked.gatewayUrl), {
      dispatcher,
      signal: asked.signal,
      method: 'POST',
      headers: headersOf(asked),
      body: JSON.stringify({
        query: ORDER_FEED,
        variables: { after: asked.by === 'argument' ? asked.after : null },
      }),
    });
    if (!String(headers['content-type']).startsWith('text/event-stream'))
      throw new Error(reasonIn(await body.text()));
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) yield* itemsOf(block);
    }
  } finally {
    await dispatcher.destroy();
  }
}

function headersOf({ token, after, by }: FeedRequest): Record<string, string> {
  const headers = {
    accept: 'text/event-stream',
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
  };
  return by === 'Last-Event-ID' && after !== null ? { ...headers, 'last-event-id': after } : headers;
}

function* itemsOf(block: string): Generator<FeedItem> {
  const data = block
    .split('\n')
    .flatMap((line) => (line.startsWith('data:') ? [line.slice('data:'.length).trimStart()] : []))
    .join('\n');
  if (data === '') return;
  const { data: shown, errors = [] } = result.parse(JSON.parse(data));
  const [error] = errors;
  if (error !== undefined) throw new Error(error.extensions?.code ?? error.message);
  if (shown != null) yield shown.orderFeed;
}

function reasonIn(text: string): string {
  try {
    const [error] = result.parse(JSON.parse(text)).errors ?? [];
    return error?.extensions?.code ?? 'no event stream came';
  } catch {
    return 'no event stream came';
  }
}
