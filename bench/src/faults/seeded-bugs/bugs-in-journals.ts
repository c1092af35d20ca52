import type { ClientJournalEntry } from '../../journal/client-journal.ts';
import type { FeedEntry } from '../../journal/feed-journal.ts';
import type { ProviderEntry } from '../../journal/provider-journal.ts';
import type { Evidence } from '../../verify/evidence.ts';
import { collected } from '../../verify/verdict.ts';
import type { BugInJournals } from './bug.ts';

type Spoil<Entry> = (entries: readonly Entry[]) => readonly Entry[];
type Read<Entry> = () => AsyncGenerator<Entry>;

const spoiled = <Entry>(read: Read<Entry>, spoil: Spoil<Entry>): Read<Entry> =>
  async function* () {
    const whole = await collected(read());
    const entries = spoil(whole);
    if (entries.length === whole.length && entries.every((entry, index) => entry === whole[index]))
      throw new Error('there was nothing to spoil');
    yield* entries;
  };
const client = (spoil: Spoil<ClientJournalEntry>) => (evidence: Evidence) => ({
  clientEntries: spoiled(evidence.clientEntries, spoil),
});
const provider = (spoil: Spoil<ProviderEntry>) => (evidence: Evidence) => ({
  providerEntries: spoiled(evidence.providerEntries, spoil),
});
const feed = (spoil: Spoil<FeedEntry>) => (evidence: Evidence) => ({
  feedEntries: spoiled(evidence.feedEntries, spoil),
});

/** Puts something else in the place of the first entry of a kind. */
const inPlaceOfFirst =
  <Entry extends { kind: string }, Kind extends Entry['kind']>(
    kind: Kind,
    others: (entry: Entry & { kind: Kind }) => readonly Entry[],
  ): Spoil<Entry> =>
  (entries) => {
    const isOfKind = (entry: Entry): entry is Entry & { kind: Kind } => entry.kind === kind;
    const first = entries.find(isOfKind);
    if (first === undefined) throw new Error(`there is no entry ${kind} to spoil`);
    return entries.flatMap((entry) => (entry === first ? others(first) : [entry]));
  };

/** Epochs of renewals are counted from here. */
const FIRST_RENEWAL = 1_000_001;
const NOWHERE = '01900000-0000-7000-8000-000000000000';

const CLIENT: readonly BugInJournals[] = [
  {
    name: 'an order is acknowledged and never existed',
    breaks: [1],
    spoil: client(
      inPlaceOfFirst<ClientJournalEntry, 'acknowledged'>('acknowledged', (entry) => [
        { ...entry, orderId: NOWHERE },
      ]),
    ),
  },
  {
    name: 'an order comes of a request that nobody sent',
    breaks: [2],
    spoil: client(inPlaceOfFirst<ClientJournalEntry, 'sent'>('sent', () => [])),
  },
  {
    name: 'an order comes of a request that was refused',
    breaks: [2],
    spoil: client(
      inPlaceOfFirst<ClientJournalEntry, 'acknowledged'>('acknowledged', ({ key, at }) => [
        { kind: 'refused', key, codes: ['UNKNOWN_SKU'], at },
      ]),
    ),
  },
  {
    name: 'a replay answers another order',
    breaks: [3],
    spoil: client(
      inPlaceOfFirst<ClientJournalEntry, 'acknowledged'>('acknowledged', (entry) => [
        entry,
        { ...entry, orderId: NOWHERE },
      ]),
    ),
  },
];

const PROVIDER: readonly BugInJournals[] = [
  {
    name: 'a card is charged twice',
    breaks: [12],
    spoil: provider(inPlaceOfFirst<ProviderEntry, 'captured'>('captured', (entry) => [entry, entry])),
  },
  {
    name: 'a card is authorised twice in one epoch',
    breaks: [12],
    spoil: provider(
      inPlaceOfFirst<ProviderEntry, 'authorised'>('authorised', (entry) => [
        entry,
        { ...entry, authorizationId: 'another' },
      ]),
    ),
  },
  {
    name: 'a renewal is authorised twice',
    breaks: [12],
    spoil: provider(
      inPlaceOfFirst<ProviderEntry, 'authorised'>('authorised', (entry) => [
        entry,
        ...['one', 'another'].map((authorizationId) => ({
          ...entry,
          authorizationId,
          reference: { ...entry.reference, epoch: FIRST_RENEWAL },
        })),
      ]),
    ),
  },
  {
    name: 'one shipment is captured in two parts under two keys',
    breaks: [12],
    spoil: provider(
      inPlaceOfFirst<ProviderEntry, 'captured'>('captured', (entry) => [
        { ...entry, amountMinor: 1 },
        { ...entry, amountMinor: entry.amountMinor - 1 },
      ]),
    ),
  },
  {
    name: 'money is given back that nobody asked for',
    breaks: [12],
    spoil: provider(
      inPlaceOfFirst<ProviderEntry, 'captured'>('captured', (entry) => [
        entry,
        { ...entry, kind: 'refunded', amountMinor: 1 },
      ]),
    ),
  },
];

const FEED: readonly BugInJournals[] = [
  {
    name: 'a feed leaves out an event',
    breaks: [16],
    spoil: feed(inPlaceOfFirst<FeedEntry, 'event'>('event', () => [])),
  },
  {
    name: 'a feed repeats an event after a drop',
    breaks: [16],
    spoil: feed(inPlaceOfFirst<FeedEntry, 'event'>('event', (entry) => [entry, entry])),
  },
  {
    name: 'a feed falls silent',
    breaks: [16],
    spoil: feed((entries) =>
      entries.slice(
        0,
        entries.findLastIndex(({ kind }) => kind === 'event'),
      ),
    ),
  },
  {
    name: 'a feed shows nothing at all',
    breaks: [16],
    spoil: feed((entries) => entries.filter(({ kind }) => kind !== 'event')),
  },
  {
    name: 'a feed says that it lost its place',
    breaks: [16],
    spoil: feed(
      inPlaceOfFirst<FeedEntry, 'event'>('event', (entry) => [
        entry,
        { kind: 'gap', subscriber: entry.subscriber, reason: 'FORKED', cursor: entry.cursor, at: entry.at },
      ]),
    ),
  },
];

export const BUGS_IN_JOURNALS: readonly BugInJournals[] = [...CLIENT, ...PROVIDER, ...FEED];
