/** Events that wait at most; what comes while so many wait is lost, as a receiver that reads reports can bear. */
export const QUEUE_EVENTS = 10_000;
/** Messages that can be sent again as they were signed. */
export const REPLAYS_KEPT = 1_000;
/** Calls at once, so that a slow receiver does not fill the queue. */
export const LANES = 4;
/** A receiver that takes longer to say 2xx is taken for unreachable. */
export const ANSWER_LIMIT_MS = 5_000;
/** Tries of one event: with the pauses they span a minute. */
export const MAX_TRIES = 6;
/** Pause before the second try; each further one is four times as long. */
export const FIRST_PAUSE_MS = 200;
/** The longest an event waits to be overtaken. */
export const REORDER_WITHIN_MS = 500;
/** So many refusals without an acceptance between them close the door: then one event at a time asks whether it opens. */
export const REFUSALS_CLOSE_DOOR = 20;
export const KNOCK_EVERY_MS = 1_000;
