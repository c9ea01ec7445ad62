/** A version was registered: starts its rollout, once, or records why nothing was started. Never makes Event Grid retry a bad event. */
import { startRollout } from '../../commands/start-rollout.ts';
import { MODEL_REGISTERED, parseRegisteredModel } from '../../contracts/model-registered-event.ts';
import type { Policies } from '../../domain/policy/policies.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AuditLog } from '../../ports/records.ts';
import { type EventHandler, ignored, malformed, takeEvent } from './take-event.ts';

export interface EventConfig {
  readonly workspaceId: string;
  readonly maxEventAgeMs: number;
  readonly policies: Policies;
}

export function createOnModelRegistered(
  ports: { readonly audit: AuditLog; readonly clock: Clock },
  { workspaceId, maxEventAgeMs, policies }: EventConfig,
): EventHandler {
  const rules = { types: [MODEL_REGISTERED], source: workspaceId, maxEventAgeMs };
  return takeEvent(ports, rules, async (envelope, control, nowMs) => {
    const registered = parseRegisteredModel(envelope);
    if (!registered.ok) return malformed(registered.problems);
    const { model, version } = registered.value;
    const named = policies.ofModel(model);
    if (named.length === 0) {
      return ignored('unknown-model', `No policy names model ${model}; version ${version} is not rolled out.`);
    }
    const cause = { kind: 'event', reference: envelope.id } as const;
    const starts = await Promise.all(
      named.map((policy) => startRollout(control, { policy, version, attempt: 1, cause, nowMs })),
    );
    const ids = starts.map(({ rolloutId }) => rolloutId).join(', ');
    return starts.some(({ started }) => started)
      ? { outcome: 'started', code: 'started', reason: `Started ${ids}.`, rolloutId: ids }
      : { outcome: 'duplicate', code: 'already-started', reason: `${ids} was started before.`, rolloutId: ids };
  });
}
