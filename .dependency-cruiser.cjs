// Who may import whom. A rule's comment is what the offender reads, so it says why, and which way to turn.
const PURE_PACKAGES = '^packages/(values|event-sourcing|contracts)/';
const TESTS = '([.]spec[.]ts$|/test/|^tests/|^packages/testing/)';
const SQL_DRIVERS = 'postgres|drizzle-orm|drizzle-kit|pg';

const inFolder = (folders) => `^subgraphs/$1/src/(${folders.join('|')})(/|[.]ts$)`;
const ourPackages = (names) => `^packages/(${names.join('|')})/`;
const library = (names) => `^node_modules/(@types/)?(${names.join('|')})/`;

// A layer of a subgraph may import itself and what is listed here; every layer the listing leaves out is forbidden.
function layer(name, comment, { siblings = [], packages = [], libraries = [], node = false }) {
  const allowed = [inFolder([name, ...siblings])];
  if (packages.length > 0) allowed.push(ourPackages(packages));
  if (libraries.length > 0) allowed.push(library(libraries));
  return {
    name: `layer-${name}`,
    comment,
    severity: 'error',
    from: { path: `^subgraphs/([^/]+)/src/${name}(/|[.]ts$)`, pathNot: TESTS },
    to: { pathNot: allowed, couldNotResolve: false, ...(node ? { dependencyTypesNot: ['core'] } : {}) },
  };
}

const LAYERS = [
  layer(
    'domain',
    'A rule must decide the same on the day it is replayed: no library, no Node module, no storage. ' +
      'Let the command carry the value, or name the outside thing in ports.ts and let a handler fetch it.',
    { packages: ['values', 'event-sourcing'] },
  ),
  layer(
    'ports',
    'ports.ts is the list of what we need from outside, in our words. It names no technology, so that an ' +
      'adapter can be exchanged without a line here changing.',
    { siblings: ['domain'], packages: ['values', 'contracts'] },
  ),
  layer(
    'config',
    'config.ts turns the environment into a checked value and does nothing else; main.ts hands it around.',
    { packages: ['values', 'telemetry', 'subgraph-server'], libraries: ['zod', 'jose'], node: true },
  ),
  layer(
    'command-handlers',
    'A handler loads, decides and appends. It is called by resolvers and consumers and never looks back at ' +
      'them; a library it wants belongs behind a port.',
    {
      siblings: ['domain', 'ports', 'store', 'publishers', 'read-models'],
      // Of resilience it takes how to look again and again; calls that leave the process stay behind a port.
      packages: ['values', 'event-sourcing', 'event-store', 'contracts', 'telemetry', 'resilience'],
      node: true,
    },
  ),
  layer(
    'store',
    'Storage knows what facts look like, never how they are decided or who asked. A rule that crept in here ' +
      'belongs in domain/.',
    {
      siblings: ['domain'],
      packages: ['values', 'event-sourcing', 'event-store', 'contracts'],
      libraries: ['postgres', 'drizzle-orm'],
      node: true,
    },
  ),
  layer(
    'read-models',
    'A read model folds facts into rows and answers questions. It sends no command: whoever wants something ' +
      'to happen calls a command handler.',
    {
      siblings: ['domain', 'store'],
      packages: ['values', 'event-sourcing', 'event-store', 'contracts', 'telemetry'],
      libraries: ['postgres', 'drizzle-orm'],
      node: true,
    },
  ),
  layer(
    'graphql',
    'A resolver translates between the SDL and a handler or a read model. SQL belongs in read-models/, a rule ' +
      'in domain/, a call to the outside behind ports.ts.',
    {
      siblings: ['domain', 'command-handlers', 'read-models', 'ports'],
      packages: ['values', 'event-sourcing', 'subgraph-server', 'telemetry', 'feed-cursor', 'event-store'],
      libraries: ['graphql', 'dataloader'],
      node: true,
    },
  ),
  layer(
    'publishers',
    'A publisher turns our facts into contract events. It knows no subscriber and no transport: the relay ' +
      'carries whatever the log holds.',
    { siblings: ['domain'], packages: ['values', 'contracts'] },
  ),
  layer(
    'consumers',
    'A consumer turns what others said into our commands and hands them to a handler. It answers nobody, so ' +
      'it needs neither the GraphQL layer nor a read model.',
    {
      siblings: ['domain', 'command-handlers', 'ports', 'store', 'publishers'],
      packages: ['values', 'event-sourcing', 'contracts', 'messaging', 'event-store', 'telemetry'],
      node: true,
    },
  ),
  layer(
    'adapters',
    'An adapter speaks to one outside system for one port. It neither decides nor stores; the handler that ' +
      'called it does.',
    {
      siblings: ['ports', 'domain'],
      packages: ['values', 'resilience', 'telemetry'],
      libraries: ['undici', 'jose', 'zod', 'fastify', 'pdfkit', 'stripe'],
      node: true,
    },
  ),
];

// A driver speaks in few places, so that its faults are handled once.
function driver(name, libraries, homes, comment) {
  return {
    name: `${name}-has-few-homes`,
    comment,
    severity: 'error',
    from: { path: '^(subgraphs|gateway|packages|simulators)/', pathNot: [TESTS, ...homes] },
    to: { path: `^node_modules/(${libraries})/` },
  };
}

const DRIVERS = [
  driver(
    'sql',
    SQL_DRIVERS,
    ['^subgraphs/[^/]+/src/(store|read-models)/', '^packages/event-store/'],
    'SQL is spoken in store/, read-models/ and the event store. Elsewhere take the types that event-store exports.',
  ),
  driver(
    'nats',
    'nats|@nats-io/[^/]+',
    ['^packages/messaging/', '^gateway/src/feed(/|[.]ts$)'],
    'JetStream is a cache of the log behind one small port: packages/messaging, and the live feed of the gateway.',
  ),
  driver(
    'redis',
    'ioredis|redis',
    ['^packages/resilience/', '^gateway/'],
    'Redis gives hints and limits and is never believed: packages/resilience and the gateway only.',
  ),
  driver(
    'stripe',
    'stripe',
    ['^subgraphs/payments/src/adapters/stripe/'],
    "Stripe's library is loaded only where Stripe is configured: adapters/stripe/ speaks to it, everything else to the port.",
  ),
];

const BOUNDARIES = [
  {
    name: 'resolvers-only-hand-on-the-store',
    comment:
      'A context may carry a connection or a tail of the log, so resolvers may name its type. Whoever uses it is a ' +
      'read model or a command handler.',
    severity: 'error',
    from: { path: '^subgraphs/[^/]+/src/graphql/', pathNot: TESTS },
    to: { path: '^packages/event-store/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'subgraphs-meet-in-facts',
    comment:
      'Subgraphs share no code, so that one can be down, moved or rewritten alone. They meet in schema/ (what is ' +
      'asked) and packages/contracts (what is said).',
    severity: 'error',
    from: { path: '^subgraphs/([^/]+)/' },
    to: { path: '^(subgraphs|gateway|simulators|console)/', pathNot: '^subgraphs/$1/' },
  },
  {
    name: 'gateway-knows-only-the-supergraph',
    comment:
      'The gateway sees the composed supergraph, URLs and contract events. A log, a decider or a consumer in it ' +
      'would make the public door a fifth subgraph.',
    severity: 'error',
    from: { path: '^gateway/', pathNot: TESTS },
    to: { path: '^(subgraphs/|simulators/|packages/(event-store|event-sourcing|messaging)/)' },
  },
  {
    name: 'processes-are-met-over-the-wire',
    comment:
      'Benches, journeys, tools and simulators are outsiders: they speak HTTP, SQL or NATS to a running process and ' +
      'never import its inside. What both need is a package.',
    severity: 'error',
    from: { path: '^(bench|tests|tools|simulators|packages)/' },
    to: { path: '^(subgraphs|gateway)/' },
  },
  {
    name: 'packages-point-inwards',
    comment:
      'A package is shared because it knows none of those who share it. (The fixtures stand outside them all: they ' +
      'start the servers and the platform with the tools that a person uses.)',
    severity: 'error',
    from: { path: '^packages/', pathNot: '^packages/testing/' },
    to: { path: '^(bench|tests|tools|simulators|console)/' },
  },
  {
    name: 'pure-packages-stay-pure',
    comment:
      'The domain imports these three, so they must repeat as exactly as it does. Only zod is let in, to describe ' +
      'shapes.',
    severity: 'error',
    from: { path: PURE_PACKAGES, pathNot: TESTS },
    to: { pathNot: [PURE_PACKAGES, library(['zod'])] },
  },
  {
    name: 'fixtures-never-ship',
    comment:
      'packages/testing starts and wipes servers. Only tests, benches and tools may hold such a thing.',
    severity: 'error',
    from: { pathNot: [TESTS, '^(bench|tools)/', '^vitest[.]config[.]ts$'] },
    to: { path: '^packages/testing/' },
  },
  {
    name: 'servers-do-not-import-tests',
    comment: 'A spec is a leaf; what it shares with the program belongs to the program.',
    severity: 'error',
    from: {},
    to: { path: '[.]spec[.]ts$' },
  },
];

module.exports = {
  forbidden: [
    ...LAYERS,
    ...DRIVERS,
    ...BOUNDARIES,
    {
      name: 'imports-resolve',
      comment: 'An arrow that leads nowhere cannot be judged: mend the path, or declare the package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment:
        'Modules in a cycle are one module in several files. Move what both need to where both may look.',
      severity: 'error',
      from: {},
      // A generated file holds types only and imports the context whose types may name it: nothing runs in a circle.
      to: { circular: true, viaOnly: { pathNot: '[.]generated[.]ts$' } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)[.]local/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'types', 'default'],
    },
  },
};
