/** The watchdog of retrainings: one that holds its model but no longer runs is ended for it, so that no job is left behind. */

import { type RecoverPorts, recoverRetraining } from '../../commands/recover-retraining.ts';
import type { Policies, RetrainedPolicy } from '../../domain/policy/policies.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';

type Log = (message: string) => void;

/** A holder that has just begun may not be visible yet. */
const GRACE_MS = 10_000;

/** Resolves with the ids of the recoveries it started. A model that cannot be looked at does not keep the others from it. */
export function createWatchRetrainings(ports: RecoverPorts, policies: Policies) {
  return async (control: OrchestrationControl, warn: Log): Promise<readonly string[]> => {
    const results = await Promise.allSettled(
      policies.retrained().map((policy) => watchOne(ports, policy, control, warn)),
    );
    const failures = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} models could not be looked at.`);
    return results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
  };
}

async function watchOne(
  ports: RecoverPorts,
  policy: RetrainedPolicy,
  control: OrchestrationControl,
  warn: Log,
): Promise<string | null> {
  const coolDown = await control.readCoolDown(policy.endpoint, policy.model);
  const holder = coolDown?.holder ?? null;
  if (!coolDown || holder === null) return null;
  if (ports.clock.nowMs() - Date.parse(coolDown.lastSeenIso) < GRACE_MS) return null;
  const { status } = await control.view(holder);
  if (status === 'active') return null;
  const gone = { retrainingId: holder, status, policy, actor: 'watchdog' };
  const start = await recoverRetraining(ports, control, gone);
  if (start.kind === 'given-up') warn(start.reason);
  return start.kind === 'started' ? start.recoveryId : null;
}
