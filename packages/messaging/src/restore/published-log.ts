// What JetStream still holds of one log: its last message, and all of them in order. A cache, so whatever it lacks says nothing.
import { EVENT_STREAM, readSlices, type Slice, type Source, subjectOf } from '@crossdock/contracts';
import { connect, type JetStreamManager, type NatsConnection, NatsError } from 'nats';

/** Milliseconds to connect, and for each question: whoever asks starts up and must not wait for a server that is away. */
const ANSWER_TIMEOUT_MS = 1_000;
/** Messages fetched ahead: with 768 KB each at most they fit a small process. */
const MESSAGES_AHEAD = 32;
/** Milliseconds without a message after which the server counts as gone. */
const SILENCE_MS = 10_000;
const SILENCE_CHECK_MS = 500;

type Last = Readonly<{ sequence: number; text: string }>;

async function withServer<Result>(
  url: string,
  work: (connection: NatsConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await connect({ servers: url, timeout: ANSWER_TIMEOUT_MS, reconnect: false });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** The last message of a subject; null when there is no stream, or nothing in it. */
async function lastMessage(manager: JetStreamManager, source: Source): Promise<Last | null> {
  try {
    const message = await manager.streams.getMessage(EVENT_STREAM, { last_by_subj: subjectOf(source) });
    return { sequence: message.seq, text: message.string() };
  } catch (error) {
    // The server answers 404 for a stream or a message that is not there; anything else is no answer.
    if (error instanceof NatsError && error.api_error?.code === 404) return null;
    throw error;
  }
}

/** The slices of the last message of a log; none where JetStream has forgotten all. Rejects when it cannot be asked. */
export function lastPublished(url: string, source: Source): Promise<readonly Slice[]> {
  return withServer(url, async (connection) => {
    const manager = await connection.jetstreamManager({ timeout: ANSWER_TIMEOUT_MS });
    const last = await lastMessage(manager, source);
    return last === null ? [] : readSlices(last.text, source);
  });
}

/** Hands over every slice JetStream has of a log, oldest first, one after the other; resolves behind the last of this moment. */
export function readPublished(
  url: string,
  source: Source,
  take: (slice: Slice) => Promise<void>,
): Promise<void> {
  return withServer(url, async (connection) => {
    const last = await lastMessage(await connection.jetstreamManager(), source);
    if (last === null) return;
    // Without a policy it begins with the first message; `All` beside its start sequence is refused by the server, again and again.
    const consumer = await connection
      .jetstream()
      .consumers.get(EVENT_STREAM, { filterSubjects: subjectOf(source) });
    const messages = await consumer.consume({ max_messages: MESSAGES_AHEAD });
    let heardAt = performance.now();
    let waiting = true;
    const silence = setInterval(() => {
      if (waiting && performance.now() - heardAt > SILENCE_MS) messages.stop();
    }, SILENCE_CHECK_MS);
    try {
      for await (const message of messages) {
        waiting = false;
        for (const slice of readSlices(message.string(), source)) await take(slice);
        if (message.seq >= last.sequence) return;
        heardAt = performance.now();
        waiting = true;
      }
      throw new Error(`JetStream stopped answering while the log of ${source} was read`);
    } finally {
      clearInterval(silence);
      messages.stop();
    }
  });
}
