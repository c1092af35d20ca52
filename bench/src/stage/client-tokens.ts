// Tokens of those who act in a fault run, signed by the issuer of its cluster.
import { tokenFor } from '@crossdock/tools/start';
import type { Cluster } from './cluster/index.ts';

/** Longer than any cluster stands. */
const TTL_S = 4 * 3_600;

/** The ERP places orders and follows all of them, an operator looks after what is stuck. */
export async function clientTokens({ keys }: Cluster): Promise<Readonly<{ erp: string; operator: string }>> {
  const [erp, operator] = await Promise.all(
    (['erp', 'operator'] as const).map((role) => tokenFor(keys, { sub: `${role}:faults`, role }, TTL_S)),
  );
  return { erp: erp ?? '', operator: operator ?? '' };
}
