/** Global set-up of the vitest projects that need servers: starts them once for the run, stops them after it. */
import { startedServers } from './started-servers.ts';

export async function setup(): Promise<() => Promise<void>> {
  const servers = await startedServers();
  return servers.stop;
}
