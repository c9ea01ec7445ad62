/**
 * Records the histories of running rollouts and retrainings, one per phase, for the replay test of later releases:
 * `node test/src/orchestrators/record-histories.ts <release>` writes `histories/<release>/<phase>.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WriteOutcome } from '../../../src/ports/model-platform.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';
import { DRIFT, start } from './virtual-retraining.ts';

const PHASES = ['deploying', 'shadowing', 'awaiting-approval', 'watching', 'baking'] as const;
const BUSY: WriteOutcome = { kind: 'busy', reason: 'Another operation runs.' };

/** The entity that a retraining has to hold. */
const COOL_DOWN = '@cooldown@flights.air-time';

const release = process.argv[2];
if (!release || !/^\d+\.\d+\.\d+$/.test(release)) throw new Error('Say which release: record-histories.ts 1.2.3');
const folder = join(import.meta.dirname, 'histories', release);
await mkdir(folder, { recursive: true });
for (const phase of PHASES) {
  const app = await openVirtualApp();
  const policy = phase === 'awaiting-approval' ? aPolicy() : aPolicy({ approval: null });
  const rolloutId = await app.start(policy, '2');
  await app.until(rolloutId, (trail) => trail.at(-1)?.phase === phase);
  await app.runMinutes(2);
  await save(app, rolloutId, phase);
}

const rows = (shift: number) => Array.from({ length: 500 }, (_value, index) => ({ distance: shift + (index % 100) }));

const NEW_DATA = { kind: 'new-data', reference: 'b1', sentence: 'New data came.' } as const;

/** What keeps a retraining in the phase; one of new data waits, the others were started by a confirmed drift. */
const HOLD: Readonly<Record<string, (app: VirtualApp) => unknown>> = {
  waiting: async (app) => {
    await start(app);
    await app.runMinutes(1);
  },
  validating: ({ training }) => training.failures.set('inspect', 1000),
  submitting: ({ training }) => {
    training.submit = async () => BUSY;
  },
  training: () => undefined,
  gating: ({ training }) => {
    training.failures.set('readRun', 1000);
    const submit = training.submit.bind(training);
    training.submit = async (job) => {
      const answer = await submit(job);
      training.states.set(job.name, 'completed');
      return answer;
    };
  },
  canceling: ({ training }) => {
    training.cancel = async () => BUSY;
  },
};
for (const [phase, hold] of Object.entries(HOLD)) {
  const app = await openVirtualApp();
  app.training.referenceRows = rows(0);
  app.training.collectedRows = rows(60);
  await hold(app);
  const retrainingId = await start(app, {}, phase === 'waiting' ? NEW_DATA : DRIFT);
  await app.runMinutes(2);
  if (phase === 'canceling') {
    const abort = { retrainingId, by: 'ada', reason: 'wrong data' };
    await app.control.abortRetraining('flights', 'air-time', abort);
  }
  await app.runMinutes(3);
  const { customStatus } = await app.control.view(retrainingId);
  if ((customStatus as { phase?: string }).phase !== phase)
    throw new Error(`${JSON.stringify(customStatus)} is not ${phase}.`);
  await save(app, retrainingId, `retraining-${phase}`);
}

async function save(app: VirtualApp, instanceId: string, phase: string): Promise<void> {
  const instance = await read(app, instanceId);
  if (!instance) throw new Error(`${instanceId} left no history in ${phase}.`);
  const coolDown = await read(app, COOL_DOWN);
  const jobs = app.training.submitted.map(({ name }) => name);
  const recorded = { release, phase, atMs: app.clock.nowMs(), ...instance, ...(coolDown ? { coolDown, jobs } : {}) };
  await writeFile(join(folder, `${phase}.json`), `${JSON.stringify(recorded)}\n`);
  await app.host.stop();
}

async function read(app: VirtualApp, instanceId: string) {
  const [record, history] = await Promise.all([app.store.readInstance(instanceId), app.store.readHistory(instanceId)]);
  return record && history ? { record, checkpoint: history.checkpoint, events: history.events } : null;
}
