// Modes and kills as a person reads them.
import type { KillRun } from './kills/run-kills.ts';
import { stepName } from './kills/steps.ts';
import type { ModeRun } from './mode-run.ts';
import { MODES } from './modes.ts';

export function modeTable(runs: readonly ModeRun[]): string[] {
  return [
    '| provider | orders | by card | left | captured | charged twice | books that differ | refunded | renewed | calls held | calls (failed) | breaker opened / closed s | forged accepted | |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|---:|---|',
    ...runs.map((run) => {
      const { money, attempts, webhooks } = run;
      const cells = [
        ...[MODES.find(({ name }) => name === run.mode)?.title ?? run.mode, money.orders, money.byCard],
        ...[money.shippable, `${money.capturedShare_percent.toFixed(1)} %`, money.chargedTwice],
        ...[money.disagreeing, money.refunded, run.renewals, money.heldCalls],
        ...[`${attempts.made} (${attempts.failed})`],
        ...[
          spellsOfRun(run),
          webhooks === null ? '' : `${webhooks.forgedAccepted} of ${webhooks.forgedSent}`,
        ],
        run.problems.length === 0 ? 'kept' : '**broken**',
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

function spellsOfRun({ breakers }: ModeRun): string {
  const seconds = (value: number | null) => (value === null ? 'never' : value.toFixed(1));
  return breakers
    .map((each) => `${each.operation} ${seconds(each.opened_s)} / ${seconds(each.closed_s)}`)
    .join(', ');
}

/** One mode in a few words, while others are to come. */
export function modeLine({ mode, seed, took_s, money, renewals, deeds, problems }: ModeRun): string {
  const head = `${mode} (seed ${seed}, ${took_s.toFixed(0)} s)`;
  const words = `${money.orders} orders, ${money.captured} of ${money.shippable} that left by card captured, ${money.refunded} refunded, ${renewals} renewed, ${money.heldCalls} calls held`;
  const done = Object.entries(deeds).map(([act, count]) => {
    const refused = Object.entries(count.refused).map(([code, times]) => `${times} ${code}`);
    return `${act} ${count.done}${refused.length === 0 ? '' : ` (${refused.join(', ')})`}`;
  });
  return `${verdictWord(problems)} ${head}: ${words}; done: ${done.join(', ')}${listed(problems)}`;
}

export function killTable({ steps }: KillRun): string[] {
  return [
    '| killed with a call in flight | kills | of them: went on | dropped |',
    '|---|---:|---:|---:|',
    ...steps.map((step) => `| ${stepName(step)} | ${step.kills} | ${step.wentOn} | ${step.dropped} |`),
  ];
}

/** The storm in a few words. */
export function killLine({ seed, took_s, kills, empty, money, problems }: KillRun): string {
  const head = `storm of kills (seed ${seed}, ${took_s.toFixed(0)} s)`;
  const words = `${kills} kills with a call in flight, ${empty} rounds without one; ${money.orders} orders, ${money.captured} of ${money.shippable} that left by card captured, charged twice ${money.chargedTwice}, books that differ ${money.disagreeing}, ${money.refunded} refunded, ${money.heldCalls} calls held`;
  return `${verdictWord(problems)} ${head}: ${words}${listed(problems)}`;
}

const verdictWord = (problems: readonly string[]) => (problems.length === 0 ? 'ok    ' : 'BROKEN');
const listed = (problems: readonly string[]) => problems.map((problem) => `\n      ${problem}`).join('');
