import type { RaceOptions } from '../options.ts';
import type { PeerResult } from './peer-table.ts';
export async function comparePeers(
  { peers }: RaceOptions,
  _ends: { say: (line: string) => void; signal: AbortSignal },
): Promise<readonly PeerResult[]> {
  if (peers.length === 0) return [];
  throw new Error('peers');
}
