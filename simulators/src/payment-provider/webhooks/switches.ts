import { z } from 'zod';
import { REPLAYS_KEPT } from './delivery-limits.ts';

/** How deliveries go wrong. Absent: not at all. */
export const webhookSwitches = z.object({
  /** So many more copies of each event, as they were signed. */
  duplicates: z.int().min(0).max(20).default(0),
  /** Each event waits for a drawn while, so that later ones overtake it. */
  reorder: z.boolean().default(false),
  /** Each event waits so long before it is sent. */
  delayMs: z.int().min(0).max(600_000).default(0),
  /** Share of the events that are followed by a forged one. */
  forgedShare: z.number().min(0).max(1).default(0),
  /** Nothing is sent; events wait. */
  stopped: z.boolean().default(false),
});
export type WebhookSwitches = z.infer<typeof webhookSwitches>;

export const webhookReplay = z.object({ count: z.int().min(1).max(REPLAYS_KEPT) });
