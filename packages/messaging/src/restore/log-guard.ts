// Keeps a database that was restored to an earlier point from appending: before anything is written it asks those who may know
// more than the database does. Silence says nothing, since taking an order needs nobody else.
import { type Slice, SOURCES, type Source } from '@crossdock/contracts';
import {
  type Closing,
  closeIfBehind,
  faultKind,
  type KnownPosition,
  loadClosing,
  type Sql,
} from '@crossdock/event-store';
import { pause } from '@crossdock/resilience';
import { Gauge, type Logger, type Registry } from '@crossdock/telemetry';
import type { LogClient } from '../log-client.ts';
import { lastPublished } from './published-log.ts';

export const RESTORE_RUNBOOK = 'docs/runbooks/restore-a-database.md';
/** Who looks after a closed log. */
const OWNER = 'operations';
/** Times, half a second apart, a process asks before it serves while its database does not answer; then the worker's turn comes. */
const FIRST_CHECKS_MAX = 10;
const FIRST_CHECK_PAUSE_MS = 500;

/** What stands between a log and its appends. */
export type LogGuard = Readonly<{
  /** Asks JetStream and the consumers; closes the log when one of them knows more. True while the log is open. */
  check: () => Promise<boolean>;
  /** Checks before the process serves; waits some seconds for a database that is away, and no longer. */
  checkFirst: () => Promise<void>;
  isOpen: () => Promise<boolean>;
  /** Rejects with the reason while the log is closed: the process is not ready then. */
  mustBeOpen: () => Promise<void>;
}>;

export type LogGuardOptions = Readonly<{
  subgraph: Source;
  sql: Sql;
  natsUrl: string;
  log: LogClient;
  logger: Logger;
  registry: Registry;
}>;

export function createLogGuard(options: LogGuardOptions): LogGuard {
  const { subgraph, sql } = options;
  const report = reporter(options);

  async function isOpen(): Promise<boolean> {
    const closing = await loadClosing(sql);
    report(closing);
    return closing === null;
  }

  async function check(): Promise<boolean> {
    for (const { witness, known } of await witnesses(options)) await closeIfBehind(sql, witness, known);
    return isOpen();
  }

  async function checkFirst(): Promise<void> {
    for (let attempt = 1; attempt <= FIRST_CHECKS_MAX; attempt += 1) {
      try {
        await check();
        return;
      } catch (error) {
        if (faultKind(error) !== 'infrastructure') throw error;
        await pause(FIRST_CHECK_PAUSE_MS);
      }
    }
  }

  return {
    check,
    checkFirst,
    isOpen,
    mustBeOpen: async () => {
      const closing = await loadClosing(sql);
      report(closing);
      if (closing !== null) throw new Error(sentenceOf(subgraph, closing));
    },
  };
}

function sentenceOf(subgraph: Source, { reason }: Closing): string {
  return `the log of ${subgraph} is closed to appends: ${reason}. Owner: ${OWNER}; see ${RESTORE_RUNBOOK}`;
}

/** Says once that the log is closed, and once that it is open again. */
function reporter({ subgraph, logger, registry }: LogGuardOptions): (closing: Closing | null) => void {
  const help = '1 while the log is closed to appends until it is restored';
  const gauge = new Gauge({ name: 'crossdock_log_closed', help, registers: [registry] });
  let told: string | null = null;
  return (closing) => {
    gauge.set(closing === null ? 0 : 1);
    const now = closing?.reason ?? null;
    if (now === told) return;
    told = now;
    if (closing === null) logger.info({ subgraph }, 'the log is open to appends again');
    else
      logger.error(
        { subgraph, reason: closing.reason, owner: OWNER, runbook: RESTORE_RUNBOOK },
        'the log is closed to appends',
      );
  };
}

type Testimony = Readonly<{ witness: string; known: readonly KnownPosition[] }>;

/** Whoever answers within a second: JetStream by its last message, each other subgraph by what it consumed of this log. */
async function witnesses({ subgraph, natsUrl, log }: LogGuardOptions): Promise<Testimony[]> {
  const others = SOURCES.filter((each) => each !== subgraph);
  const asked = [
    lastPublished(natsUrl, subgraph).then((slices) => ({ witness: 'JetStream', known: slices.map(endOf) })),
    ...others.map(async (witness) => ({ witness, known: await log.consumed(witness, subgraph) })),
  ];
  const answers = await Promise.allSettled(asked);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}

/** The place of a slice's last event. */
export function endOf({ partition, after, events }: Slice): KnownPosition {
  return { partition, position: after.position + events.length };
}
