import { expect, it } from 'vitest';
import { createLogger, type Logger } from './logger.ts';

/** What the logger writes, line by line. */
function written(log: (logger: Logger) => void): string[] {
  const lines: string[] = [];
  log(createLogger('test', 'info', { write: (line) => void lines.push(line) }));
  return lines;
}
const fields = (log: (logger: Logger) => void) => written(log).map((line) => JSON.parse(line));

it('writes no secret, at whatever level and in whatever object it stands', () => {
  const broken = Object.assign(new Error('boom'), {
    authorization: 'S1',
    options: { headers: { Authorization: 'S2', accept: 'a' } },
    cause: Object.assign(new Error('why'), { cardToken: 'S3' }),
    errors: [Object.assign(new Error('one of them'), { cardToken: 'S4' })],
  });
  const nested = { a: [{ b: { cardToken: 'S5', sealedCardToken: 'S6', kept: 1 } }] };
  const request = { headers: { authorization: 'S7', 'x-internal-auth': 'S8' } };
  const lines = written((logger) => {
    logger.info({ cardToken: 'S9', authorization: { scheme: 'S10' }, nested, request }, 'told');
    logger.error({ err: broken }, 'broke');
    logger.child({ request }).info('of a child');
  });
  expect(lines.join('')).not.toMatch(/S\d/);
  expect(lines.join('')).toMatch(/boom.*why/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'told', nested: { a: [{ b: { kept: 1 } }] } });
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ err: { options: { headers: { accept: 'a' } } } });
});

it('writes everything else as it would be without', () => {
  const at = new Date(0);
  const logged = { text: 'ü"\n', count: 5, none: null, yes: true, at, list: [1, [2]], infinite: 1 / 0 };
  expect(fields((logger) => logger.info(logged, 'a "quoted" message'))).toMatchObject([
    { ...logged, at: at.toJSON(), infinite: null, level: 30, name: 'test', msg: 'a "quoted" message' },
  ]);
});

it('writes objects that hold themselves, or go deeper than anybody reads', () => {
  const self: Record<string, unknown> = { cardToken: 'S1' };
  self.self = self;
  let deep: object = { cardToken: 'S2' };
  for (let level = 0; level < 1_000; level += 1) deep = { deep };
  const [line] = written((logger) => logger.info({ self, deep }, 'odd'));
  expect(JSON.parse(line ?? '')).toMatchObject({ self: { self: '[circular]' } });
  expect(line).toContain('[too deep]');
  expect(line).not.toMatch(/S\d/);
});

it('writes no secret at the top, however its name is written', () => {
  const lines = written((logger) => {
    logger.info({ 'x-internal-auth': 'S1', Authorization: 'S2', CARDTOKEN: { of: 'S3' }, kept: 1 }, 'told');
    logger.child({ 'x-internal-auth': 'S4', Authorization: 'S5' }).info({ CardToken: 'S6' }, 'of a child');
    logger.info({ 'X-Internal-Auth': 'S7' });
  });
  expect(lines.join('')).not.toMatch(/S\d/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ CARDTOKEN: '[redacted]', kept: 1, msg: 'told' });
});

it('writes the rest of what cannot be read', () => {
  const broken = () => {
    throw new Error('not to be read');
  };
  const getting = Object.defineProperty({ kept: 1 }, 'got', { enumerable: true, get: broken });
  const proxy = new Proxy({}, { ownKeys: broken });
  const [line = ''] = written((logger) =>
    logger.error({ inside: { toJSON: broken }, getting, proxy, kept: [{ toJSON: broken }, 2] }, 'odd'),
  );
  const unreadable = '[unreadable]';
  expect(JSON.parse(line)).toMatchObject({
    ...{ inside: unreadable, getting: { kept: 1, got: unreadable }, proxy: unreadable },
    ...{ kept: [unreadable, 2], msg: 'odd' },
  });
});

it('writes no more of an object than anybody reads, by however many paths it is reached', () => {
  let shared: object = { cardToken: 'S1', kept: 1 };
  for (let level = 0; level < 8; level += 1) shared = Array.from({ length: 8 }, () => shared);
  const bytes = Buffer.alloc(100_000, 1);
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`n${at}`, { at }]));
  const lines = written((logger) => {
    for (const each of [shared, bytes, wide]) logger.info({ each });
  });
  for (const line of lines) {
    expect(line.length).toBeLessThan(500_000);
    expect(line).toContain('[too many]');
    expect(line).not.toMatch(/S\d/);
  }
});

it('writes nothing that a database quotes in an error', () => {
  const quoting = { detail: 'S1', where: 'S2', query: 'S3', parameters: ['S4'], args: ['S5'] };
  const refused = Object.assign(new Error('violates check constraint'), { code: '23514', ...quoting });
  const outer = Object.assign(new Error('a batch broke'), { cause: refused, errors: [refused] });
  const lines = written((logger) => {
    logger.error({ err: refused }, 'refused');
    logger.error({ err: new AggregateError([refused], 'several') }, 'several');
    logger.error({ err: outer, detail: 'kept' }, 'of another');
  });
  expect(lines.join('')).not.toMatch(/S\d/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { code: '23514', detail: '[redacted]' } });
  expect(JSON.parse(lines[2] ?? '')).toMatchObject({ detail: 'kept' });
});
