import { connect, DeliverPolicy, nanos, type NatsConnection, RetentionPolicy, StorageType } from 'nats';
import { EVENT_STREAM } from '@crossdock/contracts';
import { pause } from '@crossdock/resilience';

/** How long the stream keeps messages, and how large it may grow; older ones are discarded. */
const STREAM_MAX_AGE_MS = 7 * 24 * 3_600_000;
const STREAM_MAX_BYTES = 4 * 1024 ** 3;
const DUPLICATE_WINDOW_MS = 120_000;
/** A publish that was not acknowledged by then is abandoned to refill. */
const PUBLISH_TIMEOUT_MS = 1_000;
/** A half-open link is noticed after two missed pings. */
const PING_INTERVAL_MS = 5_000;
const RESUBSCRIBE_MS = 500;

/** The small port to the message system; nothing outside this file knows NATS. */
export type Bus = Readonly<{
  /** Rejects when not acknowledged within a second; the message may or may not be there. */
  publish: (subject: string, message: string, messageId: string) => Promise<void>;
  /** Calls back for every message from now on, in order; resubscribes by itself until the signal aborts. */
  subscribe: (subject: string, onMessage: (text: string) => void, signal: AbortSignal) => void;
  isConnected: () => boolean;
  close: () => Promise<void>;
}>;

async function ensureStream(connection: NatsConnection): Promise<void> {
  const manager = await connection.jetstreamManager();
  const known = await manager.streams.info(EVENT_STREAM).catch(() => null);
  if (known !== null) return;
  await manager.streams.add({
    name: EVENT_STREAM,
    subjects: ['evt.*'],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    max_age: nanos(STREAM_MAX_AGE_MS),
    max_bytes: STREAM_MAX_BYTES,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  });
}

async function follow(connection: NatsConnection, subject: string, onMessage: (text: string) => void, signal: AbortSignal) {
  await ensureStream(connection);
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

/** Connects and keeps reconnecting; resolves at once, whether or not the server is there yet. */
export async function openBus(url: string, name: string): Promise<Bus> {
  let connected = false;
  let closed = false;
  const connecting = connect({
    servers: url,
    name,
    maxReconnectAttempts: -1,
    waitOnFirstConnect: true,
    reconnectTimeWait: 500,
    pingInterval: PING_INTERVAL_MS,
  }).then((connection) => {
    connected = true;
    void watch(connection);
    return connection;
  });

  async function watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') connected = false;
      if (status.type === 'reconnect') connected = true;
    }
  }

  return {
    publish: async (subject, message, messageId) => {
      if (!connected) throw new Error('JetStream is not connected');
      const connection = await connecting;
      try {
        await connection.jetstream().publish(subject, message, { msgID: messageId, timeout: PUBLISH_TIMEOUT_MS });
      } catch (error) {
        // A deleted or never made stream: make it, so that the next tick's message is carried.
        void ensureStream(connection).catch(() => undefined);
        throw error;
      }
    },
    subscribe: (subject, onMessage, signal) => {
      void (async () => {
        while (!signal.aborted && !closed) {
          await connecting.then((connection) => follow(connection, subject, onMessage, signal)).catch(() => undefined);
          await pause(RESUBSCRIBE_MS, signal);
        }
      })();
    },
    isConnected: () => connected,
    close: async () => {
      closed = true;
      if (connected) await connecting.then((connection) => connection.close());
    },
  };
}
