/** Rollouts of a few virtual minutes: green is ready at once, and each look says yes unless a test answers it. */
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import { isFinal } from '../../../src/domain/rollout/phase.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { HEALTHY } from './simulated-azure.ts';
import { type Interception, openVirtualApp, type VirtualApp } from './virtual-app.ts';

/** One step, a shadow, an approval before the promotion where `asks`. */
export const QUICK = aPolicy({ approval: null, steps: [{ weight: 10, dwellBuckets: 1 }] });

export const GOOD = { decision: 'promote', sentence: 'As good as blue.', verdicts: [], basis: null, evidence: 'e' };

export const ended = (trail: readonly RolloutRecord[]) => trail.some(({ phase }) => isFinal(phase));
export const in_ = (phase: string) => (trail: readonly RolloutRecord[]) => trail.at(-1)?.phase === phase;

export async function openQuickApp(intercept: Interception = () => undefined): Promise<VirtualApp> {
  const app = await openVirtualApp();
  app.azure.greenBehaviour = { ...HEALTHY, readyAfterMs: 0 };
  app.intercept = (call) => intercept(call) ?? (call.name === 'judgeTraffic' ? GOOD : undefined);
  return app;
}

export function phasesOf(trail: readonly RolloutRecord[]): readonly string[] {
  return trail.filter(({ kind }) => kind === 'phase-changed').map(({ phase }) => phase);
}
