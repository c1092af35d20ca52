import {
  type CardDesk,
  type CardTask,
  type Ending,
  end,
  leaveToPerson,
  NOTHING_LEFT,
  postpone,
  waveOfTask,
} from './card-desk.ts';

export async function release(desk: CardDesk, task: CardTask): Promise<void> {
  const { call } = task;
  const asked = waveOfTask(task);
  const id = asked?.providerAuthorisationId ?? null;
  if (asked?.stage !== 'VOIDING' || id === null) return end(desk, task, NOTHING_LEFT);
  const released: Ending = {
    command: { type: 'RecordVoided', data: { wave: asked.wave } },
    outcome: 'succeeded',
    reason: null,
  };
  if (call.attempt > 1) {
    const found = await desk.provider.read(id);
    if (found.kind === 'refused') return leaveToPerson(desk, task, found.reason);
    if (found.kind !== 'done') return postpone(desk, task, { ...found, kind: 'not-sent' });
    if (found.value.status !== 'AUTHORISED') return end(desk, task, released);
  }
  const answer = await desk.provider.release(id, call.providerKey);
  if (answer.kind === 'done') return end(desk, task, released);
  if (answer.kind === 'refused') return leaveToPerson(desk, task, answer.reason);
  return postpone(desk, task, answer);
}
