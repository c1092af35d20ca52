import { describe, expect, it } from 'vitest';
import { createCounterTrail, type Evidence, missingProofs } from './evidence-meter.ts';

const REFILLED = 'crossdock_consumer_refilled_events_total{source="orders",process="inventory"}';
const none: Evidence = {
  leases: 0,
  fenced: 0,
  retriedConflicts: 0,
  brokenCalls: 0,
  refills: 0,
  duplicates: 0,
  abandoned: 0,
  deadLetters: 0,
  replays: 0,
  clientRetries: 0,
};

describe('the trail of counters', () => {
  it('adds up over processes, and over one that was killed and counts from zero again', () => {
    const trail = createCounterTrail();
    trail.note('inventory-1', new Map([[REFILLED, 5]]));
    trail.restart();
    trail.note('inventory-1', new Map([[REFILLED, 9]]));
    trail.note('inventory-1', new Map([[REFILLED, 2]]));
    trail.note('inventory-2', new Map([[REFILLED, 3]]));
    expect(trail.sum(/^crossdock_consumer_refilled_events_total/)).toBe(4 + 2 + 3);
    expect(trail.sum(/^crossdock_worker_faults_total/)).toBe(0);
  });
});

describe('a run without evidence', () => {
  it('names what it owes', () => {
    expect(missingProofs({ ...none, leases: 2 }, ['leases', 'refills'])).toEqual(['events read from a log']);
    expect(missingProofs({ ...none, leases: 2 }, ['leases'])).toEqual([]);
  });
});
