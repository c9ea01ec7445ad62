/** Finds new versions of the data assets that policies retrain on; each version means one occasion, however often it is found. */

import { startRetraining } from '../../commands/start-retraining.ts';
import type { Policies, RetrainedPolicy } from '../../domain/policy/policies.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DataAssets } from '../../ports/data-assets.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';

export interface PollDataConfig {
  readonly policies: Policies;
  /** Versions created longer ago than this are left alone, like stale events. */
  readonly maxEventAgeMs: number;
}

/** Resolves with the ids it started. An asset that cannot be read does not keep the others from being polled. */
export function createPollData(
  ports: { assets: DataAssets; clock: Clock },
  { policies, maxEventAgeMs }: PollDataConfig,
) {
  return async (control: OrchestrationControl): Promise<readonly string[]> => {
    const polls = policies.retrained().map((policy) => pollOne(ports, policy, maxEventAgeMs, control));
    const results = await Promise.allSettled(polls);
    const failures = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} data assets could not be polled.`);
    return results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
  };
}

/** Null when there is nothing new. */
async function pollOne(
  { assets, clock }: { assets: DataAssets; clock: Clock },
  policy: RetrainedPolicy,
  maxAgeMs: number,
  control: OrchestrationControl,
): Promise<string | null> {
  const asset = policy.retrain.triggers.newData?.dataAsset;
  if (!asset) return null;
  const found = await assets.resolve(`azureml:${asset}@latest`);
  if (!found.ok) return null;
  const { reference, createdAtIso } = found.data;
  const nowMs = clock.nowMs();
  if (reference === null || createdAtIso === null || nowMs - Date.parse(createdAtIso) > maxAgeMs) return null;
  const trigger = { kind: 'new-data', reference, sentence: `There is new data: ${reference}.` } as const;
  const start = await startRetraining(control, { policy, trigger, nowMs });
  return start?.started ? start.retrainingId : null;
}
