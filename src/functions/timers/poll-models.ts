/** Finds versions whose event was lost and starts their rollouts under the same instance ids as the event would have. */

import { startRollout } from '../../commands/start-rollout.ts';
import type { Policies } from '../../domain/policy/policies.ts';
import type { RolloutPolicy } from '../../domain/policy/policy.ts';
import { SLIPWAY_TAGS } from '../../domain/rollout/tag-names.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';

const VERSIONS_PER_MODEL = 5;

export interface PollConfig {
  readonly policies: Policies;
  /** Versions registered longer ago than this are left alone, like stale events. */
  readonly maxEventAgeMs: number;
}

/** Resolves with the ids it started. A policy whose model cannot be read does not keep the others from being polled. */
export function createPollModels(ports: { platform: ModelPlatform; clock: Clock }, config: PollConfig) {
  return async (control: OrchestrationControl): Promise<readonly string[]> => {
    const results = await Promise.allSettled(
      config.policies.all().map((policy) => pollOne(ports, config, policy, control)),
    );
    const failures = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} of ${results.length} models could not be polled.`);
    return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  };
}

async function pollOne(
  ports: { platform: ModelPlatform; clock: Clock },
  config: PollConfig,
  policy: RolloutPolicy,
  control: OrchestrationControl,
): Promise<readonly string[]> {
  const nowMs = ports.clock.nowMs();
  const versions = await ports.platform.listModelVersions(policy.model, VERSIONS_PER_MODEL);
  const started: string[] = [];
  for (const { version, tags, createdAtIso } of [...versions].reverse()) {
    if (SLIPWAY_TAGS.status in tags || nowMs - Date.parse(createdAtIso) > config.maxEventAgeMs) continue;
    const cause = { kind: 'poll', reference: createdAtIso } as const;
    const result = await startRollout(control, { policy, version, attempt: 1, cause, nowMs });
    if (result.started) started.push(result.rolloutId);
  }
  return started;
}
