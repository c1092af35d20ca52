import {
  type CardDesk,
  type CardTask,
  type Ending,
  end,
  leaveToPerson,
  NOT_OURS,
  NOTHING_LEFT,
  postpone,
  providerOf,
  waveOfTask,
} from './card-desk.ts';

/** Gives back what is not taken; what the provider released or let die by itself is gone already. */
export async function release(desk: CardDesk, task: CardTask): Promise<void> {
  const { call } = task;
  const asked = waveOfTask(task);
  const id = asked?.providerAuthorisationId ?? null;
  if (asked?.stage !== 'VOIDING' || id === null) return end(desk, task, NOTHING_LEFT);
  const provider = await providerOf(desk, task, asked);
  if (provider === null) return;
  const released: Ending = {
    command: { type: 'RecordVoided', data: { wave: asked.wave } },
    outcome: 'succeeded',
    reason: null,
  };
  const goneAlready = async (): Promise<boolean> => {
    const found = await provider.read(id);
    if (found.kind === 'refused') await leaveToPerson(desk, task, found.reason, 'AS_BEFORE');
    else if (found.kind !== 'done') await postpone(desk, task, { ...found, kind: 'turned-away' });
    else if (found.value.status !== 'AUTHORISED') await end(desk, task, released);
    else return false;
    return true;
  };
  if (call.attempt > 1 && (await goneAlready())) return;
  if (!desk.mayAsk(task)) return postpone(desk, task, NOT_OURS);
  const answer = await provider.release(id, call.providerKey);
  if (answer.kind === 'done') return end(desk, task, released);
  if (answer.kind !== 'refused') return postpone(desk, task, answer);
  // It may have died meanwhile: then nothing is left to release.
  if (!(await goneAlready())) await leaveToPerson(desk, task, answer.reason);
}
