// The whole platform on this machine as real processes that can be killed, paused, cut off and started again. It judges
// nothing: scenarios and checks are built on it.
export { type Cluster, type ClusterOptions, startCluster } from './cluster.ts';
export type { Group } from './cluster-services.ts';
export { forgetCluster } from './forget-cluster.ts';
export type { ManagedProcess } from './managed-process.ts';
