/** The links of a cluster by name: `orders` is the balancer in front of a group, `orders-1>postgres` one process's way. */
import { freePort } from '@crossdock/tools/infrastructure';
import { type Link, openLink, type Probe, type TargetHealth, watchTargets } from '../links/index.ts';

export interface ClusterLinks {
  readonly byName: ReadonlyMap<string, Link>;
  /** Opens a link; with several targets, those that the probe finds healthy take turns. */
  readonly open: (name: string, targets: readonly number[], probe: Probe) => Promise<Link>;
  /** The link over which a standby follows the server on `port`: opened, or turned there. */
  readonly replication: (standby: string, port: number) => Promise<Link>;
  /** Turns every way to the database to the server on `port`, and cuts what still leads to the old one. */
  readonly retargetDatabase: (port: number) => void;
  /** Takes every fault away. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
}

const TO_DATABASE = '>postgres';

/** No links yet. */
export function clusterLinks(): ClusterLinks {
  const byName = new Map<string, Link>();
  const healths: Readonly<Record<Probe, TargetHealth>> = {
    readyz: watchTargets('readyz'),
    connect: watchTargets('connect'),
  };
  const open: ClusterLinks['open'] = async (name, targets, probe) => {
    const health = targets.length > 1 ? { health: healths[probe] } : {};
    const link = await openLink({ name, port: await freePort(), targets, ...health });
    byName.set(name, link);
    return link;
  };
  const turn = (link: Link, port: number) => {
    link.retarget([port]);
    link.cut();
  };
  return {
    byName,
    open,
    replication: async (standby, port) => {
      const name = `${standby}${TO_DATABASE}`;
      const link = byName.get(name) ?? (await open(name, [port], 'connect'));
      turn(link, port);
      return link;
    },
    retargetDatabase: (port) => {
      for (const [name, link] of byName) if (name.endsWith(TO_DATABASE)) turn(link, port);
    },
    heal: () => {
      for (const link of byName.values()) link.set({ kind: 'none' });
    },
    close: async () => {
      for (const health of Object.values(healths)) health.close();
      await Promise.all([...byName.values()].map((link) => link.close()));
    },
  };
}
