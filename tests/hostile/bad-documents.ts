// Documents that ask too much, or nothing that there is. Each is refused; the sizes are where the limits bite.

const repeated = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');

/** `{ order { shipments { order { … } } } }`, so many levels deep. */
const nested = (levels: number) =>
  `{ warehouses { id } order(id: "0190f3a1-7c2b-7def-8123-456789abcdef") { ${'shipments { order { '.repeat(levels)} id ${'} }'.repeat(levels)} } }`;

/** Each fragment holds the next twice. */
const doubling = (count: number) =>
  `{ viewer { ...F0 } } ${repeated(count, (i) => `fragment F${i} on Viewer { ...F${i + 1} ...F${i + 1} }`)} fragment F${count} on Viewer { subject }`;

/** The same over entities, under two names, which a planner could not fold into one. */
const doublingOrders = (count: number) =>
  `{ order(id: "0190f3a1-7c2b-7def-8123-456789abcdef") { ...F0 } } ${repeated(
    count,
    (i) =>
      `fragment F${i} on Order { a: shipments { order { ...F${i + 1} } } b: shipments { order { ...F${i + 1} } } }`,
  )} fragment F${count} on Order { number }`;

export const BAD_DOCUMENTS: Readonly<Record<string, string>> = {
  nothing: '',
  blank: '   ',
  'a comment': '# nothing',
  'bad syntax': '{ viewer { subject }',
  'no GraphQL': 'SELECT * FROM orders',
  'a control character': '{ viewer { subject\u0000 } }',
  'a lone surrogate': '{ order(id: "\ud800") { id } }',
  'a bad escape': '{ order(id: "\\uZZZZ") { id } }',
  'an unknown field': '{ viewr { subject } }',
  'a field that is nearly right': '{ viewer { subjects } }',
  'an unknown argument': '{ order(idd: "1") { id } }',
  'an unknown type': 'query ($x: Ordre) { viewer { subject } }',
  'an unknown directive': '{ viewer { subject @hide } }',
  'an unknown fragment': '{ viewer { ...Nothing } }',
  'fragments in a circle': '{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }',
  'a fragment nobody uses': '{ viewer { subject } } fragment A on Viewer { subject }',
  'fields of an object left out': '{ viewer }',
  'fields of a text': '{ viewer { subject { length } } }',
  'a variable nobody declared': '{ order(id: $id) { id } }',
  'a type definition': 'type Query { a: Int }',
  'entities of a subgraph':
    '{ _entities(representations: [{ __typename: "Order", id: "1" }]) { __typename } }',
  'the schema of a subgraph': '{ _service { sdl } }',
  'a subscription without a stream': 'subscription { orderFeed { __typename } }',
  'two operations, none named': 'query A { viewer { subject } } query B { viewer { subject } }',
  'two fields under one name': '{ viewer { a: subject a: role } }',
  '3,000 aliases': `{ ${repeated(3_000, (index) => `a${index}: __typename`)} }`,
  '3,000 fields': `{ ${repeated(3_000, () => '__typename')} }`,
  '2,000 directives': `{ viewer { subject ${repeated(2_000, () => '@skip(if: false)')} } }`,
  '1,500 levels': `${'{ a '.repeat(1_500)}${'}'.repeat(1_500)}`,
  '2,500 variables': `query (${repeated(2_500, (index) => `$v${index}: ID`)}) { viewer { subject } }`,
  '300 levels of entities': nested(150),
  'fragments that double a hundred times': doubling(100),
  'entities that double eight times': doublingOrders(8),
  'entities that double thirty times': doublingOrders(30),
  '1 MB of comment and a fault': `#${' '.repeat(1_000_000)}\n{ viewr }`,
};

/** Within the limit of tokens: answered or refused, in good time and without harm. */
export const HEAVY_DOCUMENTS: Readonly<Record<string, string>> = {
  'many aliases': `{ ${repeated(150, (index) => `a${index}: orders(first: 1) { nodes { id } }`)} }`,
  'many aliases of entities': `{ ${repeated(60, (index) => `a${index}: orders(first: 5) { nodes { id payment { status } shipments { id } } }`)} }`,
  'levels at the limit': nested(9),
  'fragments that double nine times': doubling(9),
  'entities that double six times': doublingOrders(6),
  'a large page of everything':
    '{ orders(first: 100) { nodes { id timeline { type } lines { sku product { name availability { available } stock { onHand } } } payment { status attempts { operation } } shipments { id order { id partner { id name } } } } } }',
};
