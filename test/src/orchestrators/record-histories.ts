/**
 * Records the histories of running rollouts, one per phase, for the replay test of later releases:
 * `node test/src/orchestrators/record-histories.ts <release>` writes `histories/<release>/<phase>.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aPolicy } from '../domain/a-policy.ts';
import { openVirtualApp } from './virtual-app.ts';

const PHASES = ['deploying', 'shadowing', 'awaiting-approval', 'watching', 'baking'] as const;

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
  const [record, history] = await Promise.all([app.store.readInstance(rolloutId), app.store.readHistory(rolloutId)]);
  if (!record || !history) throw new Error(`Rollout ${rolloutId} left no history in ${phase}.`);
  const recorded = {
    release,
    phase,
    atMs: app.clock.nowMs(),
    record,
    checkpoint: history.checkpoint,
    events: history.events,
  };
  await writeFile(join(folder, `${phase}.json`), `${JSON.stringify(recorded)}\n`);
  await app.host.stop();
}
