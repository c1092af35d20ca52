import { authorise } from './authorise-step.ts';
import { capture } from './capture-step.ts';
import type { CardDesk, CardTask } from './card-desk.ts';
import { refund } from './refund-step.ts';
import { release } from './release-step.ts';

/** Makes a claimed call, or finds out what an earlier try did, and commits what it learnt. No transaction is open meanwhile. */
export async function takeCardStep(desk: CardDesk, task: CardTask): Promise<void> {
  switch (task.call.operation) {
    case 'authorise':
      return authorise(desk, task);
    case 'capture':
      return capture(desk, task);
    case 'void':
      return release(desk, task);
    case 'refund':
      return refund(desk, task);
  }
}
