// What a mode promises, held against what was found. Pure.

import type { ModeRun } from './mode-run.ts';
import type { FaultMode } from './modes.ts';

export const OPENED_WITHIN_S = 10;
export const CLOSED_WITHIN_S = 30;
export const CAPTURED_PERCENT_LEAST = 95;
/** New authorisations go on being asked for in an outage; whether another operation is called then is a matter of chance. */
const ALWAYS_ASKED = 'create';
const EXAMPLES = 3;

/** What was promised and not kept, or not shown; empty when all is well. */
export function problemsOf(run: Omit<ModeRun, 'problems'>, mode: FaultMode): string[] {
  const { money, customers, deeds, attempts } = run;
  const problems = [
    ...(money.chargedTwice > 0 ? [`charged twice: ${money.chargedTwice}`] : []),
    ...(money.disagreeing > 0 ? [`books that disagree: ${money.disagreeing}`] : []),
    ...(money.notFinal > 0 ? [`orders neither final nor owned: ${money.notFinal}`] : []),
    ...money.breaches.slice(0, EXAMPLES),
    ...(money.capturedShare_percent < CAPTURED_PERCENT_LEAST
      ? [`only ${money.capturedShare_percent.toFixed(1)} % of what left by card was taken`]
      : []),
    ...(customers.unknown > 0 ? [`${customers.unknown} orders' fate is unknown to their client`] : []),
    ...(money.shippable === 0 ? ['no evidence: no order by card left'] : []),
    ...(attempts.failed === 0 ? ['no evidence: no call failed'] : []),
    ...(mode.terms !== undefined && run.renewals === 0 ? ['no evidence: nothing was renewed'] : []),
    // A provider that answers confirms an order before its customer can think again.
    ...(mode.outage === null ? ['refund'] : ['cancel', 'refund'])
      .filter((act) => !deeds[act]?.done)
      .map((act) => `no evidence: no ${act} was done`),
  ];
  return [...problems, ...breakerProblems(run, mode), ...webhookProblems(run)];
}

function breakerProblems({ breakers }: Pick<ModeRun, 'breakers'>, { outage }: FaultMode): string[] {
  if (outage === null) return [];
  if (!breakers.some(({ operation }) => operation === ALWAYS_ASKED))
    return [`the breaker of ${ALWAYS_ASKED} did not open in the outage`];
  return breakers.flatMap(({ operation, opened_s, closed_s }) => {
    const isLate = operation === ALWAYS_ASKED && (opened_s === null || opened_s > OPENED_WITHIN_S);
    return [
      ...(isLate ? [`the breaker of ${operation} opened after ${opened_s?.toFixed(1)} s`] : []),
      ...(closed_s === null || closed_s > CLOSED_WITHIN_S
        ? [`the breaker of ${operation} was not closed ${CLOSED_WITHIN_S} s after the outage`]
        : []),
    ];
  });
}

function webhookProblems({ webhooks }: Pick<ModeRun, 'webhooks'>): string[] {
  if (webhooks === null) return [];
  return [
    ...(webhooks.forgedAccepted > 0 ? [`${webhooks.forgedAccepted} forged webhooks were accepted`] : []),
    ...(webhooks.accepted === 0 ? ['no evidence: no webhook was accepted'] : []),
    ...(webhooks.forgedSent === 0 ? ['no evidence: no forged webhook was sent'] : []),
  ];
}
