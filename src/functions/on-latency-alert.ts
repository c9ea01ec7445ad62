/**
 * A confirmed latency alert: the rollout that holds the endpoint rules on it; without one, the policy says what to do.
 * Never makes Event Grid retry a bad event.
 */
import { LATENCY_ALERT, ownSource, parseLatencyAlert } from '../contracts/latency-alert-event.ts';
import { type EventEnvelope, parseEnvelope } from '../contracts/model-registered-event.ts';
import { describeAlert, type LatencyAlert } from '../domain/alerts/latency-alert.ts';
import type { EventRecord } from '../domain/audit/record.ts';
import { refuseEnvelope } from '../domain/events/triage.ts';
import { hashHex } from '../domain/ids/names.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrchestrationControl } from '../ports/orchestration-control.ts';
import type { AuditLog } from '../ports/records.ts';

export type AlertOutcome = Pick<EventRecord, 'outcome' | 'code' | 'reason' | 'rolloutId'>;

/** What to do about an alert while no rollout runs; `eventId` makes a repeat harmless. */
export type ActOnAlert = (alert: LatencyAlert, eventId: string, control: OrchestrationControl) => Promise<AlertOutcome>;

export interface LatencyAlertPorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly actWithoutRollout: ActOnAlert;
}

/** An alert says how things are: a late one says how they were. */
const MAX_AGE_MS = 15 * 60_000;

type Handler = (event: unknown, control: OrchestrationControl) => Promise<AlertOutcome>;

export function createOnLatencyAlert(ports: LatencyAlertPorts, workspace: string): Handler {
  return async (event, control) => {
    const envelope = parseEnvelope(event);
    const outcome = envelope.ok
      ? await decide(ports, workspace, envelope.value, control)
      : malformed(envelope.problems);
    const known = envelope.ok ? envelope.value : null;
    await ports.audit.recordEvent({
      eventId: known ? `acted.${known.id}` : `malformed-${hashHex(JSON.stringify(event ?? null))}`,
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
  ports: LatencyAlertPorts,
  workspace: string,
  envelope: EventEnvelope,
  control: OrchestrationControl,
): Promise<AlertOutcome> {
  const { type, source, timeMs } = envelope;
  const facts = { type, expectedType: LATENCY_ALERT, source, workspaceId: ownSource(workspace), maxAgeMs: MAX_AGE_MS };
  const refusal = refuseEnvelope({ ...facts, ageMs: ports.clock.nowMs() - timeMs });
  if (refusal) return { ...refusal, rolloutId: null };
  const alert = parseLatencyAlert(envelope);
  if (!alert.ok) return malformed(alert.problems);
  const holder = (await control.readLane(alert.value.endpoint))?.holder ?? null;
  if (holder?.kind === 'scale-out') {
    const reason = `${holder.id} adds an instance on ${alert.value.endpoint} already.`;
    return { outcome: 'ignored', code: 'scaling-out', reason, rolloutId: null };
  }
  if (holder === null) return ports.actWithoutRollout(alert.value, envelope.id, control);
  const rolloutId = holder.id;
  const receivedAtIso = new Date(ports.clock.nowMs()).toISOString();
  const command = {
    type: 'latency-alert',
    by: alert.value.rule,
    reason: describeAlert(alert.value),
    alert: alert.value,
  } as const;
  await control.postCommand(alert.value.endpoint, { id: envelope.id, rolloutId, receivedAtIso, command });
  await control.wake(rolloutId);
  return { outcome: 'delivered', code: 'delivered', reason: `${rolloutId} rules on it: ${command.reason}.`, rolloutId };
}

function malformed(problems: readonly string[]): AlertOutcome {
  return { outcome: 'refused', code: 'malformed', reason: problems.join('; ').slice(0, 2000), rolloutId: null };
}
