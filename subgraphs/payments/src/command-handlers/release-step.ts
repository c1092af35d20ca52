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
  if (call.attempt > 1) {
    const found = await provider.read(id);
    if (found.kind === 'refused') return leaveToPerson(desk, task, found.reason);
    if (found.kind !== 'done') return postpone(desk, task, { ...found, kind: 'turned-away' });
    if (found.value.status !== 'AUTHORISED') return end(desk, task, released);
  }
  if (!desk.mayAsk(task)) return postpone(desk, task, NOT_OURS);
  const answer = await provider.release(id, call.providerKey);
  if (answer.kind === 'done') return end(desk, task, released);
  if (answer.kind === 'refused') return leaveToPerson(desk, task, answer.reason);
  return postpone(desk, task, answer);
}
