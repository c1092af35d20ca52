// The HTTP frame both simulators stand in: JSON in, JSON or problem+json out, health, readiness, counters.
// It knows neither payments nor shipments, and logs no request.
import Fastify, { type FastifyError, type FastifyInstance, LogController } from 'fastify';
import type { Journal } from '../journal/journal.ts';
import { Counters } from './counters.ts';
import { problem, sendProblem } from './problem.ts';

export interface FrameOptions {
  readonly logLevel: string;
  readonly bodyLimitBytes: number;
  readonly journal: Pick<Journal<object>, 'state'>;
}

const INTERNAL = problem(500, 'internal_error', 'The server failed.');
const NOT_FOUND = problem(404, 'not_found', 'There is nothing at this address.');
const NOT_READY = problem(503, 'not_ready', 'The journal cannot be written.');

/** `log` speaks at the configured level; the framework itself only from `warn` up. */
export interface Frame {
  readonly app: FastifyInstance;
  readonly log: FastifyInstance['log'];
  readonly counters: Counters;
}

export function createFrame({ logLevel, bodyLimitBytes, journal }: FrameOptions): Frame {
  const frameworkLevel = logLevel === 'info' ? 'warn' : logLevel;
  const app = Fastify({
    logger: { level: frameworkLevel },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
  });
  const counters = new Counters();
  acceptEmptyJson(app);
  answerProblems(app);
  addHealth(app, counters, journal);
  return { app, log: app.log.child({}, { level: logLevel }), counters };
}

/** A POST that says all in its address may carry `content-type: application/json` and no body. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parseJson(request, body.toString(), done);
  });
}

function answerProblems(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, NOT_FOUND));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) {
      return sendProblem(
        reply,
        problem(status, 'invalid_request', 'The request cannot be read.', error.code),
      );
    }
    request.log.error({ err: error }, 'request failed');
    return sendProblem(reply, INTERNAL);
  });
}

function addHealth(app: FastifyInstance, counters: Counters, journal: FrameOptions['journal']): void {
  counters.describe('http_responses_total', 'Answers sent, by status.');
  app.addHook('onResponse', (_request, reply, done) => {
    counters.add('http_responses_total', `status="${reply.statusCode}"`);
    done();
  });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', (_request, reply) =>
    journal.state.broken ? sendProblem(reply, NOT_READY) : { status: 'ready' },
  );
  app.get('/metrics', (_request, reply) => {
    const { lines, commits } = journal.state;
    const journalText =
      `# HELP journal_lines_total Lines written.\n# TYPE journal_lines_total counter\njournal_lines_total ${lines}\n` +
      `# HELP journal_commits_total Group commits.\n# TYPE journal_commits_total counter\njournal_commits_total ${commits}\n`;
    return reply.type('text/plain; version=0.0.4').send(counters.render() + journalText);
  });
}
