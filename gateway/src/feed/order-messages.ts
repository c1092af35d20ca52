// What the relay of orders publishes, as it arrives: one ordered JetStream consumer for the whole process. It may lose
// anything; whoever listens goes by positions and reads the log.
import { EVENT_STREAM, type Slice, sliceMessage, subjectOf } from '@crossdock/contracts';
import { pause } from '@crossdock/resilience';
import { connect, DeliverPolicy, type NatsConnection } from 'nats';

const RECONNECT_WAIT_MS = 500;
/** A half-open link is noticed after two missed pings. */
const PING_INTERVAL_MS = 5_000;
const SUBSCRIBE_AGAIN_MS = 500;
const MESSAGES_AHEAD = 500;
const PULL_EXPIRES_MS = 5_000;

export type OrderMessages = Readonly<{
  isConnected: () => boolean;
  /** Gives up the present consumer and makes a new one. */
  subscribeAgain: () => void;
  stop: () => Promise<void>;
}>;

/** Connects and subscribes in the background, again and again until stopped. */
export function followOrderMessages(url: string, onSlice: (slice: Slice) => void): OrderMessages {
  const stopping = new AbortController();
  let connected = false;
  let giveUp: () => void = () => undefined;

  async function watch(connection: NatsConnection): Promise<void> {
    connected = true;
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') connected = false;
      if (status.type === 'reconnect') connected = true;
    }
  }

  async function consume(connection: NatsConnection): Promise<void> {
    const consumer = await connection.jetstream().consumers.get(EVENT_STREAM, {
      filterSubjects: subjectOf('orders'),
      deliver_policy: DeliverPolicy.New,
    });
    const messages = await consumer.consume({ max_messages: MESSAGES_AHEAD, expires: PULL_EXPIRES_MS });
    giveUp = () => void messages.close();
    for await (const message of messages) slicesOf(message.string()).forEach(onSlice);
  }

  async function follow(): Promise<void> {
    const connection = await connecting;
    void watch(connection);
    while (!stopping.signal.aborted) {
      // No stream yet, or a lost one: the log is read meanwhile.
      await consume(connection).catch(() => undefined);
      await pause(SUBSCRIBE_AGAIN_MS, stopping.signal);
    }
    await connection.close();
  }

  const connecting = connect({
    servers: url,
    name: 'gateway',
    maxReconnectAttempts: -1,
    waitOnFirstConnect: true,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    pingInterval: PING_INTERVAL_MS,
  });
  void follow();

  return {
    isConnected: () => connected,
    subscribeAgain: () => giveUp(),
    stop: async () => {
      stopping.abort();
      giveUp();
      if (connected) await connecting.then((connection) => connection.close());
    },
  };
}

/** A message that breaks the contract is as good as lost: the log has what it should have brought. */
function slicesOf(text: string): readonly Slice[] {
  try {
    return sliceMessage.parse(JSON.parse(text)).slices;
  } catch {
    return [];
  }
}
