import { EVENT_STREAM } from '@crossdock/contracts';
import { pause } from '@crossdock/resilience';
import { connect, DeliverPolicy, type NatsConnection, nanos, RetentionPolicy, StorageType } from 'nats';

/** How long the stream keeps messages, and how large it may grow; older ones are discarded. */
const STREAM_MAX_AGE_MS = 7 * 24 * 3_600_000;
const STREAM_MAX_BYTES = 4 * 1024 ** 3;
const DUPLICATE_WINDOW_MS = 120_000;
/** A publish that was not acknowledged by then is abandoned to refill. */
const PUBLISH_TIMEOUT_MS = 1_000;
/** A half-open link is noticed after two missed pings. */
const PING_INTERVAL_MS = 5_000;
const RESUBSCRIBE_MS = 500;
const RECONNECT_MS = 500;

/** The small port to the message system; nothing outside this file knows NATS. */
export type Bus = Readonly<{
  /** Rejects when not acknowledged within a second; the message may or may not be there. */
  publish: (subject: string, message: string, messageId: string) => Promise<void>;
  /** Calls back for every message from now on, in order; resubscribes by itself until the signal aborts. */
  subscribe: (subject: string, onMessage: (text: string) => void, signal: AbortSignal) => void;
  close: () => Promise<void>;
}>;

/** Makes the stream where it is absent; one that exists keeps the number of replicas it was made with. */
async function ensureStream(connection: NatsConnection, replicas: number): Promise<void> {
  const manager = await connection.jetstreamManager();
  const known = await manager.streams.info(EVENT_STREAM).catch(() => null);
  if (known !== null) return;
  await manager.streams.add({
    name: EVENT_STREAM,
    subjects: ['evt.*'],
    storage: StorageType.File,
    num_replicas: replicas,
    retention: RetentionPolicy.Limits,
    max_age: nanos(STREAM_MAX_AGE_MS),
    max_bytes: STREAM_MAX_BYTES,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  });
}

async function follow(
  connection: NatsConnection,
  replicas: number,
  subject: string,
  onMessage: (text: string) => void,
  signal: AbortSignal,
) {
  await ensureStream(connection, replicas);
  const consumer = await connection
    .jetstream()
    .consumers.get(EVENT_STREAM, { filterSubjects: subject, deliver_policy: DeliverPolicy.New });
  const messages = await consumer.consume({ max_messages: 500, expires: 5_000 });
  const stop = () => void messages.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const message of messages) onMessage(message.string());
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

type Link = {
  connected: boolean;
  closed: boolean;
  /** Servers that shall hold a copy of the stream. */
  readonly replicas: number;
  readonly connecting: Promise<NatsConnection>;
};

function openLink(url: string, name: string, replicas: number): Link {
  const connecting = connect({
    servers: url,
    name,
    maxReconnectAttempts: -1,
    waitOnFirstConnect: true,
    reconnectTimeWait: RECONNECT_MS,
    pingInterval: PING_INTERVAL_MS,
  });
  const link: Link = { connected: false, closed: false, replicas, connecting };
  void connecting.then(async (connection) => {
    link.connected = true;
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') link.connected = false;
      if (status.type === 'reconnect') link.connected = true;
    }
  });
  return link;
}

async function publish(link: Link, subject: string, message: string, messageId: string): Promise<void> {
  if (!link.connected) throw new Error('JetStream is not connected');
  const connection = await link.connecting;
  try {
    await connection.jetstream().publish(subject, message, { msgID: messageId, timeout: PUBLISH_TIMEOUT_MS });
  } catch (error) {
    // A deleted or never made stream: make it, so that the next tick's message is carried.
    void ensureStream(connection, link.replicas).catch(() => undefined);
    throw error;
  }
}

async function keepFollowing(
  link: Link,
  subject: string,
  onMessage: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && !link.closed) {
    // What is lost between two subscriptions is read again from the log.
    await link.connecting
      .then((connection) => follow(connection, link.replicas, subject, onMessage, signal))
      .catch(() => undefined);
    await pause(RESUBSCRIBE_MS, signal);
  }
}

/**
 * Connects and keeps reconnecting; resolves at once, whether or not the server is there yet. `streamReplicas` is how many
 * servers of a cluster hold the stream when it is made here: 1, or 3 so that one may be lost.
 */
export async function openBus(url: string, name: string, streamReplicas = 1): Promise<Bus> {
  const link = openLink(url, name, streamReplicas);
  return {
    publish: (subject, message, messageId) => publish(link, subject, message, messageId),
    subscribe: (subject, onMessage, signal) => void keepFollowing(link, subject, onMessage, signal),
    close: async () => {
      link.closed = true;
      if (link.connected) await link.connecting.then((connection) => connection.close());
    },
  };
}
