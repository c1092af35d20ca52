/**
 * Child processes of a local run: each in its own process group (so that Ctrl-C of the terminal reaches only the
 * supervisor, which stops them in order), its output in a log file.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Birth } from './keep-alive.ts';

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly birth: Birth;
  /** Run as this account; only root can ask for it. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
}

export interface Child {
  readonly pid: number;
  readonly logFile: string;
  /** Resolves, never rejects, when the process is gone. */
  readonly gone: Promise<string>;
  readonly isGone: () => boolean;
  readonly signal: (name: NodeJS.Signals) => void;
}

/** Starts a child; rejects when its program cannot be started at all. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    const child = spawn(options.command, [...options.args], {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', log, log],
      detached: true,
      ...(options.account ?? {}),
    });
    const started = await spawned(child, options.logFile);
    options.birth.spawned(started.pid);
    return started;
  } finally {
    closeSync(log);
  }
}

function spawned(child: ChildProcess, logFile: string): Promise<Child> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      const gone = new Promise<string>((settle) => {
        child.once('exit', (code, signal) => settle(signal ? `ended by ${signal}` : `exit code ${code}`));
      });
      const pid = child.pid;
      if (pid === undefined) return reject(new Error(`${child.spawnfile} has no process id.`));
      resolve({
        pid,
        logFile,
        gone,
        isGone: () => child.exitCode !== null || child.signalCode !== null,
        signal: (name) => void child.kill(name),
      });
    });
  });
}

/** Asks a child to stop with `signal`, ends it after `patience_ms`; resolves when it is gone. */
export async function stopChild(child: Child, signal: NodeJS.Signals, patience_ms: number): Promise<void> {
  if (child.isGone()) return;
  child.signal(signal);
  const impatience = setTimeout(() => child.signal('SIGKILL'), patience_ms);
  await child.gone;
  clearTimeout(impatience);
}

/** The last lines of a log file, for a failure message; empty when there is no file. */
export function tailOf(logFile: string, lines = 15): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

/** Polls `probe` until it answers true; says why when the child goes or the time runs out first. */
export async function waitUntil(
  child: Child,
  probe: () => Promise<boolean>,
  limit_ms: number,
  signal: AbortSignal,
): Promise<{ readonly ready: true } | { readonly ready: false; readonly why: string }> {
  const POLL_MS = 50;
  const deadline = Date.now() + limit_ms;
  while (Date.now() < deadline) {
    if (child.isGone()) return { ready: false, why: await child.gone };
    if (signal.aborted) return { ready: false, why: 'the run was stopped' };
    if (await probe()) return { ready: true };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { ready: false, why: `not ready after ${Math.round(limit_ms / 1000)} s` };
}
