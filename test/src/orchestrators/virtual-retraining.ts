/** Starts retrainings on the virtual app and reads their trails. */

import { startRetraining } from '../../../src/commands/start-retraining.ts';
import type { ModelName } from '../../../src/domain/ids/names.ts';
import type { RetrainingPolicy } from '../../../src/domain/policy/retraining-policy.ts';
import type { RetrainingTrigger } from '../../../src/domain/retraining/state.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { aRetrainingPolicy } from '../domain/a-retraining-policy.ts';
import type { VirtualApp } from './virtual-app.ts';

export const HTTP: RetrainingTrigger = { kind: 'http', reference: 'r1', sentence: 'ada asked for it.' };
export const DRIFT: RetrainingTrigger = { kind: 'drift', reference: 'run1', sentence: 'The monitor reports drift.' };

export async function start(
  app: VirtualApp,
  changes: Partial<RetrainingPolicy> = {},
  trigger = HTTP,
  ignoreCoolDown = false,
  model = 'air-time',
): Promise<string> {
  const policy = aPolicy({ model: model as ModelName, retrain: aRetrainingPolicy(changes) });
  const started = await startRetraining(app.control, { policy, trigger, nowMs: app.clock.nowMs(), ignoreCoolDown });
  return started?.retrainingId ?? '';
}

export async function phases(app: VirtualApp, id: string): Promise<readonly string[]> {
  return (await app.audit.listRetraining(id)).map(({ phase }) => phase);
}

export async function lastOf(app: VirtualApp, id: string) {
  const trail = await app.audit.listRetraining(id);
  return trail.at(-1);
}

export function endJobs(app: VirtualApp, state: 'completed' | 'failed'): void {
  for (const name of app.training.states.keys()) app.training.states.set(name, state);
}
