/** A version was registered: starts its rollout, once, or records why nothing was started. Never makes Event Grid retry a bad event. */
import { MODEL_REGISTERED, parseEnvelope, parseRegisteredModel } from '../contracts/model-registered-event.ts';
import type { EventRecord } from '../domain/audit/record.ts';
import { refuseEnvelope } from '../domain/events/triage.ts';
import { hashHex } from '../domain/ids/names.ts';
import type { Policies } from '../domain/policy/policies.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrchestrationControl } from '../ports/orchestration-control.ts';
import type { AuditLog } from '../ports/records.ts';
import { startRollout } from './start-rollout.ts';

export interface EventConfig {
  readonly workspaceId: string;
  readonly maxEventAgeMs: number;
  readonly policies: Policies;
}

type Outcome = Pick<EventRecord, 'outcome' | 'code' | 'reason' | 'rolloutId'>;
type Handler = (event: unknown, control: OrchestrationControl) => Promise<Outcome>;

/** Resolves with what became of the event; throws only when Azure storage cannot be reached, so that Event Grid tries again. */
export function createOnModelRegistered(ports: { audit: AuditLog; clock: Clock }, config: EventConfig): Handler {
  return async (event, control) => {
    const envelope = parseEnvelope(event);
    const outcome = envelope.ok
      ? await decide(envelope.value, control, ports.clock.nowMs(), config)
      : malformed(envelope.problems);
    const known = envelope.ok ? envelope.value : null;
    await ports.audit.recordEvent({
      eventId: known?.id ?? `malformed-${hashHex(JSON.stringify(event ?? null))}`,
      atIso: new Date(ports.clock.nowMs()).toISOString(),
      type: known?.type ?? '',
      source: known?.source ?? '',
      subject: known?.subject ?? '',
      ...outcome,
    });
    return outcome;
  };
}

async function decide(
  envelope: Extract<ReturnType<typeof parseEnvelope>, { ok: true }>['value'],
  control: OrchestrationControl,
  nowMs: number,
  config: EventConfig,
): Promise<Outcome> {
  const { type, source, timeMs } = envelope;
  const { workspaceId, maxEventAgeMs: maxAgeMs } = config;
  const facts = { type, expectedType: MODEL_REGISTERED, source, workspaceId, ageMs: nowMs - timeMs, maxAgeMs };
  const refusal = refuseEnvelope(facts);
  if (refusal) return { ...refusal, rolloutId: null };
  const registered = parseRegisteredModel(envelope);
  if (!registered.ok) return malformed(registered.problems);
  const { model, version } = registered.value;
  const policies = config.policies.ofModel(model);
  if (policies.length === 0) {
    const reason = `No policy names model ${model}; version ${version} is not rolled out.`;
    return { outcome: 'ignored', code: 'unknown-model', reason, rolloutId: null };
  }
  const cause = { kind: 'event', reference: envelope.id } as const;
  const starts = await Promise.all(
    policies.map((policy) => startRollout(control, { policy, version, attempt: 1, cause, nowMs })),
  );
  const ids = starts.map(({ rolloutId }) => rolloutId).join(', ');
  if (starts.some(({ started }) => started))
    return { outcome: 'started', code: 'started', reason: `Started ${ids}.`, rolloutId: ids };
  return { outcome: 'duplicate', code: 'already-started', reason: `${ids} was started before.`, rolloutId: ids };
}

function malformed(problems: readonly string[]): Outcome {
  return { outcome: 'refused', code: 'malformed', reason: problems.join('; ').slice(0, 2000), rolloutId: null };
}
