import type { Context } from './context.ts';

/** What rides along with the events of a request. */
export function metadataOf({ caller, traceparent }: Context) {
  return { actor: caller.subject, ...(traceparent === null ? {} : { traceparent }) };
}
