/** A command, event or rejection: a name and plain data. */
export type Message<Type extends string = string, Data extends object = object> = Readonly<{
  type: Type;
  data: Readonly<Data>;
}>;

/** The facts that follow from a command, or the reason why none does. */
export type Decision<Event, Rejection> =
  | Readonly<{ accepted: true; events: readonly Event[] }>
  | Readonly<{ accepted: false; rejection: Rejection }>;

/** The rule book of one kind of stream: free of I/O, clock and randomness. */
export type Decider<Command, Event, State, Rejection> = Readonly<{
  initialState: State;
  decide: (command: Command, state: State) => Decision<Event, Rejection>;
  evolve: (state: State, event: Event) => State;
}>;

export function accept<Event>(...events: Event[]): Decision<Event, never> {
  return { accepted: true, events };
}

export function reject<Rejection>(rejection: Rejection): Decision<never, Rejection> {
  return { accepted: false, rejection };
}

/** The state after a stream's events, in order. */
export function fold<Event, State>(
  decider: Pick<Decider<never, Event, State, unknown>, 'initialState' | 'evolve'>,
  events: Iterable<Event>,
): State {
  let state = decider.initialState;
  for (const event of events) state = decider.evolve(state, event);
  return state;
}
