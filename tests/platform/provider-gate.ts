// The card provider keeps its answers back, so that a journey does not race against a card: what must come before a confirmation
// comes before it on the busiest machine.
import { eventually } from '../client/eventually.ts';
import type { PlatformSheet } from './global-setup.ts';

/** More than the tries that payments makes while one journey looks at its order. */
const CALLS_HELD_MAX = 100;

type Gate = Readonly<{ held: readonly Readonly<{ orderId: string | null }>[] }>;

async function control(
  { provider }: PlatformSheet,
  method: string,
  path: string,
  body?: object,
): Promise<Gate> {
  const reply = await fetch(`${provider.url}/control/gate${path}`, {
    method,
    headers: { authorization: `Bearer ${provider.key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`The card provider answered ${reply.status}: ${await reply.text()}`);
  // Shaped by the provider's gate; releasing answers a count, which nobody looks at.
  return (await reply.json()) as Gate;
}

/** Does the work while no card is authorised; `isAsked` resolves when the provider was asked to for the order. */
export async function whileCardsWait<Result>(
  world: PlatformSheet,
  work: (isAsked: (orderId: string) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  await control(world, 'PUT', '', { operation: 'confirm', phase: 'before', count: CALLS_HELD_MAX });
  const isAsked = async (orderId: string) => {
    const isHeld = ({ held }: Gate) => held.some((call) => call.orderId === orderId);
    const seen = await eventually(() => control(world, 'GET', ''), isHeld);
    if (!isHeld(seen)) throw new Error(`The card provider was not asked for order ${orderId}.`);
  };
  try {
    return await work(isAsked);
  } finally {
    await control(world, 'POST', '/release', { how: 'go-on' });
  }
}
