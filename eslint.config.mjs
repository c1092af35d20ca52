// Says only what Biome cannot: how large a function may grow, and what the domain may not touch.
// Every message names the way out, because a fence without a gate is climbed.
import tseslint from 'typescript-eslint';

const PURE_PACKAGES = 'packages/{values,event-sourcing,contracts}/src/**/*.ts';
const DOMAIN = 'subgraphs/*/src/domain/**/*.ts';
const TESTS = [
  '**/*.spec.ts',
  '**/test/**',
  'tests/**',
  'packages/testing/**',
  'packages/event-sourcing/src/specification.ts',
];

const A_DECISION_MUST_REPEAT = 'a decision must come out the same when it is replayed next year';
const fenced = (name, wayOut) => ({
  name,
  message: `${name} is not data; ${A_DECISION_MUST_REPEAT}. ${wayOut}`,
});
const INSTANT = 'Let the command carry the instant.';
const DEADLINE = 'A deadline is a command that the watchdog sends.';

const FENCED_GLOBALS = [
  fenced('Date', INSTANT),
  fenced('performance', INSTANT),
  fenced('Temporal', INSTANT),
  fenced('crypto', 'Let the command carry the ids.'),
  fenced('process', 'Let the caller pass what it read from config.ts.'),
  fenced('console', 'Return what happened; main.ts owns the logger.'),
  fenced('fetch', 'Name the call in ports.ts and let a handler make it.'),
  fenced('setTimeout', DEADLINE),
  fenced('setInterval', DEADLINE),
  fenced('setImmediate', DEADLINE),
  fenced('queueMicrotask', DEADLINE),
  fenced('Promise', 'Handlers wait; rules answer at once.'),
  fenced('globalThis', 'Import what you need, or take it as an argument.'),
];

const ENVIRONMENT = {
  object: 'process',
  property: 'env',
  message: 'Only config.ts reads the environment: it validates once, and everybody else takes an argument.',
};
const RANDOM = {
  object: 'Math',
  property: 'random',
  message: `Chance is not data; ${A_DECISION_MUST_REPEAT}. Let the command carry the drawn value.`,
};

const RAW_TRANSACTION = {
  selector: "CallExpression[callee.type='MemberExpression'][callee.property.name='begin']",
  message:
    'A client-side transaction can lose its connection half way and commit the other half. ' +
    'Write with one call of a database function; where that is impossible, use the guarded wrapper of event-store.',
};
const ASYNCHRONY = [
  { selector: ':function[async=true]', message: 'Rules are synchronous: fetch first, then decide on data.' },
  { selector: 'AwaitExpression', message: 'Rules are synchronous: fetch first, then decide on data.' },
];
const CLASSES = {
  selector: ':matches(ClassDeclaration, ClassExpression)',
  message: 'Write data and functions; a class hides state.',
};
const A_NO_IS_A_VALUE =
  'Answer a refusal as a typed value. Only invariant(), unreachable() and readers of stored data may throw, for bugs and broken rows.';
const THROWS_IN_DOMAIN = { selector: 'ThrowStatement', message: A_NO_IS_A_VALUE };
const THROWS_IN_PACKAGES = [
  'FunctionDeclaration[id.name!=/^(invariant|unreachable|read[A-Z].*)$/] ThrowStatement',
  'ArrowFunctionExpression ThrowStatement',
  'FunctionExpression ThrowStatement',
].map((selector) => ({ selector, message: A_NO_IS_A_VALUE }));

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/*.generated.ts',
      '.local/**',
      '**/dist/**',
      'bench/data/**',
      'bench/results/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', 'tools/**/*.mjs'],
    languageOptions: { parser: tseslint.parser },
    rules: {
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', RAW_TRANSACTION],
      'no-restricted-properties': ['error', ENVIRONMENT],
      'no-restricted-imports': ['error', { paths: [{ name: 'node:process', message: ENVIRONMENT.message }] }],
    },
  },
  { files: ['**/*.spec.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['**/src/config.ts', 'tools/**', 'bench/**', 'simulators/**', '*.config.ts', ...TESTS],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  {
    files: [DOMAIN, PURE_PACKAGES],
    ignores: TESTS,
    rules: {
      'no-restricted-globals': ['error', ...FENCED_GLOBALS],
      'no-restricted-properties': ['error', ENVIRONMENT, RANDOM],
    },
  },
  {
    files: [PURE_PACKAGES],
    ignores: TESTS,
    rules: {
      'no-restricted-syntax': ['error', RAW_TRANSACTION, ...ASYNCHRONY, CLASSES, ...THROWS_IN_PACKAGES],
    },
  },
  {
    files: [DOMAIN],
    ignores: TESTS,
    rules: { 'no-restricted-syntax': ['error', RAW_TRANSACTION, ...ASYNCHRONY, CLASSES, THROWS_IN_DOMAIN] },
  },
);
