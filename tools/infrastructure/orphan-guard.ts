import { spawn } from 'node:child_process';

export interface OrphanGuard {
  readonly watch: (pid: number) => void;
  readonly forget: (pid: number) => void;
  /** The run ended in order: nothing is left to guard. */
  readonly dismiss: () => void;
}

/**
 * A shell that outlives us: when our end of its pipe closes without a word (kill -9, out of memory), it stops the
 * processes we were watching, first kindly (the paused ones are woken to hear it), after ten seconds by force.
 */
const SCRIPT = `
pids=''
while read -r word pid; do
  case $word in
    watch) pids="$pids $pid" ;;
    forget) pids=$(for each in $pids; do [ "$each" = "$pid" ] || printf ' %s' "$each"; done) ;;
    dismiss) exit 0 ;;
  esac
done
for pid in $pids; do kill -INT "$pid" 2>/dev/null; kill -CONT "$pid" 2>/dev/null; done
for second in 1 2 3 4 5 6 7 8 9 10; do
  sleep 1
  alive=0
  for pid in $pids; do kill -0 "$pid" 2>/dev/null && alive=1; done
  [ $alive = 0 ] && exit 0
done
for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
`;

/** Starts the guard, in a process group of its own, so that the terminal's Ctrl-C does not reach it. */
export function orphanGuard(): OrphanGuard {
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'crossdock-orphan-guard'], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const { stdin } = guard;
  // Without a shell nobody guards, and the run goes on.
  guard.on('error', () => undefined);
  stdin.on('error', () => undefined);
  guard.unref();
  return {
    watch: (pid) => void stdin.write(`watch ${pid}\n`),
    forget: (pid) => void stdin.write(`forget ${pid}\n`),
    dismiss: () => void stdin.end('dismiss\n'),
  };
}
