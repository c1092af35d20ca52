// A client of the feed over SSE: collects what comes, and says what it saw last.

export type StreamedEvent = Readonly<{ id?: string; event?: string; data: unknown }>;

export type EventStreamClient = Readonly<{
  status: number;
  contentType: string | null;
  events: StreamedEvent[];
  /** Resolves when `count` events have come. */
  until: (count: number) => Promise<readonly StreamedEvent[]>;
  ended: Promise<void>;
  close: () => void;
}>;

const WAIT_MS = 20_000;

type StreamRequest = { readonly token: string; readonly body: object; readonly lastEventId?: string };

/** What a stream is opened or refused with; it is left at once. */
export async function statusOfStream(url: string, request: StreamRequest): Promise<number> {
  const { status, close } = await openEventStream(url, request);
  close();
  return status;
}

export async function openEventStream(url: string, request: StreamRequest): Promise<EventStreamClient> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    signal: leaving.signal,
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${request.token}`,
      ...(request.lastEventId === undefined ? {} : { 'last-event-id': request.lastEventId }),
    },
    body: JSON.stringify(request.body),
  });
  const events: StreamedEvent[] = [];
  const read = async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) if (!block.startsWith(':')) events.push(eventOf(block));
    }
  };
  const ended = read().catch(() => undefined);
  const until = async (count: number) => {
    const deadline = Date.now() + WAIT_MS;
    while (events.length < count) {
      if (Date.now() > deadline)
        throw new Error(`Only ${events.length} of ${count} events: ${JSON.stringify(events)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return events;
  };
  const contentType = response.headers.get('content-type');
  return { status: response.status, contentType, events, until, ended, close: () => leaving.abort() };
}

function eventOf(block: string): StreamedEvent {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/s).slice(0, 2)));
  return { ...fields, data: fields.data ? JSON.parse(fields.data) : '' };
}
