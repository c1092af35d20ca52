// The virtual subgraph `events`: facts of the orders log, answered inside the gateway and never over HTTP.
import type { GraphQLDataSource } from '@apollo/gateway';

export const EVENTS_SUBGRAPH = 'events';

/** It has no root field but the subscription, so that no query plan outside of a feed reaches it. */
export const eventsOutsideOfFeeds: GraphQLDataSource = {
  process: () => Promise.reject(new Error('The events subgraph answers live feeds alone.')),
};
