import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { PROVIDER_OPERATIONS, type ProviderOperation } from './operations.ts';

/** More clients than any test runs at once. */
const MAX_COUNT = 1_000;
/** A request that nobody lets go is dropped then; clients under test give up, or are killed, long before. */
const HOLD_MS = 600_000;

/** Holds the next `count` requests of an operation: before anything is done, or when all is durable but unanswered. */
export const gateSetting = z.object({
  operation: z.enum(PROVIDER_OPERATIONS),
  phase: z.enum(['before', 'after']),
  count: z.int().min(1).max(MAX_COUNT),
});
export const gateRelease = z.object({ how: z.enum(['go-on', 'drop']) });

type GateSetting = z.infer<typeof gateSetting>;
type HowReleased = z.infer<typeof gateRelease>['how'];

/** What a request is about, as far as it is known by then. */
export interface About {
  readonly authorizationId: string | null;
  readonly orderId: string | null;
}

export interface Step extends About {
  readonly operation: ProviderOperation | undefined;
  readonly phase: GateSetting['phase'];
}

interface Held {
  readonly shown: Step & { readonly at: string };
  readonly reply: FastifyReply;
  readonly release: (how: HowReleased) => void;
}

/** One gate at a time; what it has caught stays held until it is released, whether its client lives or not. */
export class Gate {
  #setting: GateSetting | undefined;
  #remaining = 0;
  readonly #held = new Set<Held>();

  set(setting: GateSetting): void {
    this.#setting = setting;
    this.#remaining = setting.count;
  }

  get state() {
    const held = [...this.#held].map(({ shown, reply }) => ({ ...shown, clientGone: isGone(reply) }));
    return { remaining: this.#remaining, held };
  }

  /** Resolves at once for whom the gate is not meant, else when it is released. */
  pass(step: Step, reply: FastifyReply): Promise<HowReleased> {
    const isMeant = this.#setting?.operation === step.operation && this.#setting?.phase === step.phase;
    if (!isMeant || this.#remaining === 0) return Promise.resolve('go-on');
    this.#remaining -= 1;
    return new Promise((resolve) => {
      const limit = setTimeout(() => held.release('drop'), HOLD_MS).unref();
      const held: Held = {
        shown: { ...step, at: new Date().toISOString() },
        reply,
        release: (how) => {
          clearTimeout(limit);
          this.#held.delete(held);
          resolve(how);
        },
      };
      this.#held.add(held);
    });
  }

  /** Closes the gate and says how many it let go. */
  release(how: HowReleased): number {
    this.#setting = undefined;
    this.#remaining = 0;
    const all = [...this.#held];
    for (const held of all) held.release(how);
    return all.length;
  }
}

/** Takes the reply out of the framework's hands and ends its connection without an answer. */
export function dropConnection(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.socket?.destroy();
  return reply;
}

/** True when nobody is there any more to be answered. */
export function isGone(reply: FastifyReply): boolean {
  return reply.raw.destroyed || reply.raw.socket?.destroyed === true;
}
