import type { Logger } from '@crossdock/telemetry';
import { answered, unanswered } from '../domain/told-release.ts';
import type { TellAnswer, TellResult, WarehouseSystem } from '../ports.ts';
import type { DueRelease, ToldRelease } from '../store/outgoing-releases.ts';
import type { DispatchMetrics } from './dispatch-metrics.ts';

export type TellOptions = Readonly<{ wms: WarehouseSystem; logger: Logger; metrics: DispatchMetrics }>;

/** What one call came to: whether it was answered at all, and what becomes of each release. */
export type Told = Readonly<{ isAnswered: boolean; releases: readonly ToldRelease[] }>;

/** Tells a warehouse its releases in one call. Nothing is open meanwhile; what is not answered is told again. */
export async function tellReleases(
  { wms, metrics, logger }: TellOptions,
  warehouseId: string,
  releases: readonly DueRelease[],
): Promise<Told> {
  const answer = await wms.tell(
    warehouseId,
    releases.map(({ sends: _, ...release }) => release),
  );
  metrics.calls.inc({ warehouse: warehouseId, answer: answer.kind });
  if (answer.kind === 'unknown') {
    logger.warn({ warehouseId, releases: releases.length, why: answer.why }, 'a warehouse did not answer');
  }
  const told = releases.map((release, index) => judge(release, answer, index));
  for (const { outcome, owner, shipmentId, releaseEpoch } of told) {
    metrics.releases.inc({ outcome });
    if (owner === null) continue;
    metrics.owned.inc();
    logger.error(
      { shipmentId, releaseEpoch, warehouseId, reason: outcome, owner },
      'a warehouse refused a release',
    );
  }
  return { isAnswered: answer.kind === 'answered', releases: told };
}

/** Results stand in the order of the request; one that names another release says nothing of this one. */
function judge(release: DueRelease, answer: TellAnswer, index: number): ToldRelease {
  const { shipmentId, releaseEpoch, sends } = release;
  const found: TellResult | undefined = answer.kind === 'answered' ? answer.results[index] : undefined;
  const isOurs = found?.shipmentId === shipmentId && found.releaseEpoch === releaseEpoch;
  const drawn = Math.random();
  const outcome =
    found === undefined || !isOurs
      ? unanswered('UNANSWERED', sends, drawn)
      : answered(found.result, found.reason, sends, drawn);
  return { shipmentId, releaseEpoch, ...outcome };
}
