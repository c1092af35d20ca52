import type { Decider, Decision } from './decider.ts';

type When<Command, Event, Rejection> = Readonly<{
  when: (command: Command) => Readonly<{
    then: (...expected: Event[]) => void;
    thenRejected: (expected: Rejection) => void;
  }>;
}>;

/**
 * given(past events).when(command).then(events) or .thenRejected(reason): every event, every field, in order. State must
 * be plain JSON data and is frozen, and so is the command, so that a rule that changes its input fails its test.
 */
export function specification<Command, Event, State, Rejection>(
  decider: Decider<Command, Event, State, Rejection>,
): (...past: Event[]) => When<Command, Event, Rejection> {
  return (...past) => ({
    when: (command) => {
      let state = deepFreeze(decider.initialState);
      for (const event of past) state = plain(decider.evolve(state, deepFreeze(event)));
      const decision = decider.decide(deepFreeze(command), state);
      return {
        then: (...expected) => same(decision, { accepted: true, events: expected }),
        thenRejected: (rejection) => same(decision, { accepted: false, rejection }),
      };
    },
  });
}

function same<Event, Rejection>(
  actual: Decision<Event, Rejection>,
  expected: Decision<Event, Rejection>,
): void {
  const [got, want] = [canonical(actual), canonical(expected)];
  if (got !== want) throw new Error(`Decided otherwise.\nexpected: ${want}\nactual:   ${got}`);
}

function plain<State>(state: State): State {
  const copy: unknown = JSON.parse(JSON.stringify(state));
  if (canonical(copy) !== canonical(state)) throw new Error('State is not plain JSON data');
  return deepFreeze(state);
}

/** JSON with sorted keys; `undefined`, Maps and Sets are named, so that none passes for an absent field. */
function canonical(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (value instanceof Map || value instanceof Set)
    return `${value.constructor.name}(${canonical([...value])})`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(',')}}`;
  }
  return typeof value === 'bigint' ? `${value}n` : JSON.stringify(value);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const entry of Object.values(value)) deepFreeze(entry);
  }
  return value;
}
