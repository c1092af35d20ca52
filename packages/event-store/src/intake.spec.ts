import { describe, expect, it } from 'vitest';
import { createIntake } from './intake.ts';

type Command = Readonly<{ id: number; keys: readonly string[] }>;

/** Records the batches; each write takes a turn of the event loop. */
function recorder(batchMax: number) {
  const batches: number[][] = [];
  const intake = createIntake<Command, number>({
    batchMax,
    keysOf: (command) => command.keys,
    write: async (commands) => {
      batches.push(commands.map((each) => each.id));
      await new Promise((resolve) => setImmediate(resolve));
      return commands.map((each) => each.id * 10);
    },
  });
  return { batches, intake };
}

describe('the intake', () => {
  it('gathers what arrives while a write is in flight', async () => {
    const { batches, intake } = recorder(10);
    const verdicts = await Promise.all([1, 2, 3].map((id) => intake.submit({ id, keys: [`k${id}`] })));
    expect(verdicts).toEqual([10, 20, 30]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('never puts two commands with a key in common into one batch, and keeps their order', async () => {
    const { batches, intake } = recorder(10);
    await Promise.all([
      intake.submit({ id: 1, keys: ['a'] }),
      intake.submit({ id: 2, keys: ['a', 'b'] }),
      intake.submit({ id: 3, keys: ['b'] }),
      intake.submit({ id: 4, keys: ['c'] }),
    ]);
    expect(batches).toEqual([[1, 4], [2], [3]]);
  });

  it('answers a failed write to all of its batch and goes on', async () => {
    let failed = false;
    const intake = createIntake<Command, number>({
      keysOf: (command) => command.keys,
      write: async (commands) => {
        if (!failed) {
          failed = true;
          throw new Error('lost');
        }
        return commands.map(() => 1);
      },
    });
    await expect(intake.submit({ id: 1, keys: [] })).rejects.toThrow('lost');
    await expect(intake.submit({ id: 2, keys: [] })).resolves.toBe(1);
  });
});
