import {
  type DeadLetter,
  LETTER_STATUSES,
  type LetterGroup,
  type LetterPlace,
  type LetterStatus,
} from '@crossdock/event-store';

/** Fields of events that nobody is shown, wherever they stand: card data, and the idempotency keys of whoever asked. */
const SECRETS = new Set(['sealedCardToken', 'cardToken', 'request']);

const STATUS = { parked: 'PARKED', replayed: 'REPLAYED', discarded: 'DISCARDED' } as const;
export type LetterStatusView = (typeof STATUS)[LetterStatus];

/** A dead letter as the API shows it. */
export type DeadLetterView = ReturnType<typeof viewOfLetter>;

const ID = /^([a-z]{1,32}):(\d{1,4}):(\d{1,15})$/;

/** The public id of a letter: what people paste. */
export function letterId({ source, partition, position }: LetterPlace): string {
  return `${source}:${partition}:${position}`;
}

/** The place a public id names; null when it is none. */
export function placeOfId(id: string): LetterPlace | null {
  const [, source, partition, position] = ID.exec(id) ?? [];
  if (source === undefined) return null;
  const place = { source, partition: Number(partition), position: Number(position) };
  // Leading zeros would give one letter two names.
  return letterId(place) === id ? place : null;
}

/** The status as it is stored; null for every status. */
export function storedStatus(status: LetterStatusView | null | undefined): LetterStatus | null {
  return LETTER_STATUSES.find((each) => STATUS[each] === status) ?? null;
}

/** An event's JSON without its secrets. */
function withoutSecrets(event: object): string {
  return JSON.stringify(event, (name, value: unknown) => (SECRETS.has(name) ? undefined : value));
}

export function viewOfLetter(letter: DeadLetter) {
  const { source, partition, key, error, fingerprint, attempts, codeVersion, trace } = letter;
  const { type, schemaVersion } = letter.event;
  return {
    ...{ id: letterId(letter), source, partition, key, error, fingerprint, attempts, codeVersion, trace },
    position: String(letter.position),
    type: String(type),
    schemaVersion: Number(schemaVersion),
    status: STATUS[letter.status],
    pending: letter.requested,
    parkedAt: letter.parkedAt.toISOString(),
    event: withoutSecrets(letter.event),
    actions: letter.actions.map(({ at, ...action }) => ({ ...action, at: at.toISOString() })),
  };
}

/** A group with its sample, found among the letters that were read for the groups. */
export function viewOfGroup({ oldest, sample, ...group }: LetterGroup, letters: readonly DeadLetter[]) {
  const found = letters.find((letter) => letterId(letter) === letterId(sample));
  return found === undefined ? [] : [{ ...group, oldest: oldest.toISOString(), sample: viewOfLetter(found) }];
}
