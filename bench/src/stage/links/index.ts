// TCP links that can be broken while they carry connections: the network of the fault runs, within this process. They
// know nothing of what is spoken over them.
export { type Link, type LinkOptions, openLink } from './link.ts';
export type { LinkFault, Way } from './link-fault.ts';
export { type Probe, type TargetHealth, watchTargets } from './target-health.ts';
