// Decided events as they are written to the log, each derived from the event that asked for it.
import type { TravellingEvent } from '@crossdock/contracts';
import { derivedId, type NewEvent } from '@crossdock/event-store';
import { invariant } from '@crossdock/values';
import type { DecidedEvent } from '../domain/batch.ts';
import { holdFact } from '../publishers/hold-facts.ts';
import { reservationFact } from '../publishers/reservation-facts.ts';

function factOf(decided: DecidedEvent) {
  const { stream, partnerId } = decided;
  if (decided.category === 'hold') return holdFact(decided.event, { holdId: stream, partnerId });
  return reservationFact(decided.event, { orderId: stream, partnerId });
}

/** The ordinal tells events of one cause, stream and type apart: the id is always the same. */
export function newEventOf(decided: DecidedEvent, traceparent?: string): NewEvent {
  const { category, stream, partition, version, ordinal, cause, event } = decided;
  const fact = factOf(decided);
  invariant(fact !== null, `${event.type} is not published`);
  return {
    partition,
    category,
    streamId: stream,
    version,
    id: derivedId(cause, `${event.type} of ${stream}`, ordinal),
    type: fact.type,
    data: fact.data,
    metadata: {
      causationId: cause,
      correlationId: stream,
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  };
}

/** The trace that an event came with. */
export const traceOf = (event: TravellingEvent | undefined) => event?.metadata.traceparent;
