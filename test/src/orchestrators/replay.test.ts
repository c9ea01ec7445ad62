/** Rollouts and retrainings that were running when an earlier release was replaced go on with today's code: their histories replay without a difference. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../../local/functions-host/durable/engine/history-event.ts';
import { MemoryStore } from '../../../local/functions-host/durable/store/memory-store.ts';
import type { Checkpoint, InstanceRecord } from '../../../local/functions-host/durable/store/task-hub-store.ts';
import { openVirtualApp } from './virtual-app.ts';

interface RecordedInstance {
  readonly record: InstanceRecord;
  readonly checkpoint: Checkpoint;
  readonly events: readonly HistoryEvent[];
}

interface Recorded extends RecordedInstance {
  readonly atMs: number;
  /** Of a retraining: the entity that it holds, and the job that ran. */
  readonly coolDown?: RecordedInstance;
  readonly jobs?: readonly string[];
}

const ROOT = join(import.meta.dirname, 'histories');
const RECORDED = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));

function read(name: string): Recorded {
  return JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
}

/** A host that finds the recorded instance in its task hub, as a new release does after the deployment. */
async function reopen(recorded: Recorded, events: readonly HistoryEvent[]) {
  const store = new MemoryStore();
  await restore(store, { ...recorded, events }, recorded.atMs);
  if (recorded.coolDown) await restore(store, recorded.coolDown, recorded.atMs);
  const app = await openVirtualApp({ store, startMs: recorded.atMs });
  for (const job of recorded.jobs ?? []) app.training.states.set(job, 'running');
  app.training.cancel = async () => ({ kind: 'busy', reason: 'Another operation runs.' });
  app.training.failures.set('readRun', 1000);
  return app;
}

async function restore(
  store: MemoryStore,
  { record, checkpoint, events }: RecordedInstance,
  completedMs: number,
): Promise<void> {
  await store.putInstance(record);
  const { instanceId } = record;
  await store.commitHistory({ instanceId, tag: undefined, checkpoint, from: 0, events, completedMs });
}

describe('a rollout or a retraining recorded with an earlier release', () => {
  it('exists for every phase that waits', () => {
    expect(RECORDED.length).toBeGreaterThanOrEqual(11);
  });

  it.each(RECORDED)('%s goes on', async (name) => {
    const recorded = read(name);
    const app = await reopen(recorded, recorded.events);
    await app.control.wake(recorded.record.instanceId);
    await app.runMinutes(1);
    expect(await app.control.view(recorded.record.instanceId)).toMatchObject({ status: 'active' });
    const after = await app.store.readHistory(recorded.record.instanceId);
    expect(after?.checkpoint.turn).toBeGreaterThan(recorded.checkpoint.turn);
  });

  it('whose history differs from what the code does is found out', async () => {
    const recorded = read(String(RECORDED.find((name) => name.includes('watching'))));
    const swapped = recorded.events.map((event) =>
      event.EventType === 'TaskScheduled' && event.Name === 'judgeTraffic' ? { ...event, Name: 'readTraffic' } : event,
    );
    const app = await reopen(recorded, swapped);
    await app.control.wake(recorded.record.instanceId);
    await app.runMinutes(1);
    expect(await app.control.view(recorded.record.instanceId)).toMatchObject({
      status: 'failed',
      output: expect.stringContaining('Non-Deterministic'),
    });
  });
});
