import { connect } from 'node:net';
import type { Cluster } from './cluster/index.ts';
import { processOf } from './pipeline.ts';

/** Sends Redis a FLUSHALL, past every link; resolves when it has hung up. */
export function emptyRedis(cluster: Cluster): Promise<void> {
  const { port } = processOf(cluster, 'redis');
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.end('FLUSHALL\r\n'));
    socket.once('error', reject);
    socket.once('close', () => resolve());
    socket.resume();
  });
}
