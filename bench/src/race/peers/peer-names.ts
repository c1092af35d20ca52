/** The platforms that can be measured beside this one. */
export const PEERS = ['vendure', 'medusa'] as const;
export type PeerName = (typeof PEERS)[number];
