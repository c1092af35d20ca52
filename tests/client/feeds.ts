// Subscribers of the live feed over the two transports, behind one shape, so that every promise is tried on both.
import { createClient, type ExecutionResult } from 'graphql-ws';
import { WebSocket } from 'ws';

export type FeedItem = Readonly<{
  __typename: 'FeedOpened' | 'OrderEvent' | 'StreamGap';
  cursor: string;
  orderId?: string;
  orderNumber?: string;
  type?: string;
  version?: number;
  status?: string;
  order?: Readonly<{
    id: string;
    lines: readonly { sku: string; product: { name: string } | null }[];
  }> | null;
}>;

export type FeedRequest = Readonly<{
  token: string;
  variables?: Readonly<Record<string, unknown>>;
}>;

export type OpenFeed = Readonly<{
  items: readonly FeedItem[];
  /** Codes of the errors that came instead of, or after, items. */
  codes: readonly string[];
  /** Resolves when the wish holds; throws with what came when it does not in time. */
  until: (isEnough: (items: readonly FeedItem[]) => boolean) => Promise<readonly FeedItem[]>;
  /** Resolves when the other side ended it. */
  ended: Promise<void>;
  close: () => void;
}>;

export type OpenFeedOver = (gatewayUrl: string, request: FeedRequest) => OpenFeed;

const ORDER_FEED = `subscription ($orderIds: [ID!], $partnerIds: [ID!], $types: [OrderEventType!], $after: String) {
  orderFeed(orderIds: $orderIds, partnerIds: $partnerIds, types: $types, after: $after) {
    __typename
    ... on FeedOpened { cursor }
    ... on StreamGap { cursor }
    ... on OrderEvent {
      cursor orderId orderNumber type version status order { id lines { sku product { name } } }
    }
  }
}`;
const WAIT_MS = 40_000;
const LOOK_EACH_MS = 10;

type Result = Readonly<{
  data?: { orderFeed: FeedItem } | null;
  errors?: readonly { extensions?: { code?: unknown } }[];
}>;

/** What comes is gathered from the start, so that no test misses what came before it looked. */
function gathering(start: (take: (result: Result) => void, leaving: AbortSignal) => Promise<void>): OpenFeed {
  const items: FeedItem[] = [];
  const codes: string[] = [];
  const leaving = new AbortController();
  const take = ({ data, errors = [] }: Result) => {
    if (data != null) items.push(data.orderFeed);
    codes.push(...errors.map(({ extensions }) => String(extensions?.code)));
  };
  const ended = start(take, leaving.signal).catch((error: unknown) => {
    if (!leaving.signal.aborted) codes.push(String(error));
  });
  const until: OpenFeed['until'] = async (isEnough) => {
    const late = performance.now() + WAIT_MS;
    while (!isEnough(items)) {
      if (performance.now() > late)
        throw new Error(`The feed showed only ${JSON.stringify({ items, codes })}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EACH_MS));
    }
    return items;
  };
  return { items, codes, until, ended, close: () => leaving.abort() };
}

/** Over server-sent events; `lastEventId` goes into the header, as a browser's EventSource sends it. */
export const overEventStream =
  (lastEventId?: string): OpenFeedOver =>
  (gatewayUrl, { token, variables = {} }) =>
    gathering(async (take, signal) => {
      const response = await fetch(`${gatewayUrl}/graphql`, {
        method: 'POST',
        signal,
        headers: {
          ...{ accept: 'text/event-stream', 'content-type': 'application/json' },
          authorization: `Bearer ${token}`,
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
        body: JSON.stringify({ query: ORDER_FEED, variables }),
      });
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
        take(JSON.parse(await response.text()));
        return;
      }
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) takeBlock(block, take);
      }
    });

/** One event of the stream; its id must be the cursor of what it shows. */
function takeBlock(block: string, take: (result: Result) => void): void {
  const fields = new Map(block.split('\n').map((line): [string, string] => splitField(line)));
  const data = fields.get('data');
  if (!data) return;
  const result: Result = JSON.parse(data);
  const shown = result.data?.orderFeed.cursor;
  if (shown !== undefined && shown !== fields.get('id'))
    throw new Error(`The id of ${block} is not its cursor.`);
  take(result);
}

function splitField(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
}

/** Over graphql-transport-ws, without the client's own reconnecting. */
export const overSocket: OpenFeedOver = (gatewayUrl, { token, variables = {} }) =>
  gathering(async (take, signal) => {
    const client = createClient({
      url: `${gatewayUrl.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    signal.addEventListener('abort', () => client.terminate());
    try {
      for await (const result of client.iterate({ query: ORDER_FEED, variables })) {
        take(result as ExecutionResult as Result);
      }
    } catch (error) {
      // Errors of the operation come as a list; anything else is the connection's.
      if (!Array.isArray(error)) throw error;
      take({ errors: error });
    } finally {
      await client.dispose();
    }
  });
