/**
 * A confirmed latency alert: the rollout that holds the endpoint rules on it; without one, the policy says what to do.
 * Never makes Event Grid retry a bad event.
 */
import type { ActOnAlert } from '../../commands/act-on-alert.ts';
import { LATENCY_ALERT, ownSource, parseLatencyAlert } from '../../contracts/latency-alert-event.ts';
import { describeAlert } from '../../domain/alerts/latency-alert.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AuditLog } from '../../ports/records.ts';
import { type EventHandler, ignored, malformed, takeEvent } from './take-event.ts';

export interface LatencyAlertPorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly actWithoutRollout: ActOnAlert;
}

/** An alert says how things are: a late one says how they were. */
const MAX_AGE_MS = 15 * 60_000;

export function createOnLatencyAlert(ports: LatencyAlertPorts, workspace: string): EventHandler {
  // The webhook has recorded under the event's own id that it published the alert.
  const recordPrefix = 'acted.';
  const rules = { types: [LATENCY_ALERT], source: ownSource(workspace), maxEventAgeMs: MAX_AGE_MS, recordPrefix };
  return takeEvent(ports, rules, async (envelope, control, nowMs) => {
    const parsed = parseLatencyAlert(envelope);
    if (!parsed.ok) return malformed(parsed.problems);
    const alert = parsed.value;
    const holder = (await control.readLane(alert.endpoint))?.holder ?? null;
    if (holder === null) return ports.actWithoutRollout(alert, envelope.id, control);
    if (holder.kind === 'scale-out') {
      return ignored('scaling-out', `${holder.id} adds an instance on ${alert.endpoint} already.`);
    }
    const rolloutId = holder.id;
    const reason = describeAlert(alert);
    const command = { type: 'latency-alert', by: alert.rule, reason, alert } as const;
    const receivedAtIso = new Date(nowMs).toISOString();
    await control.postCommand(alert.endpoint, { id: envelope.id, rolloutId, receivedAtIso, command });
    await control.wake(rolloutId);
    return { outcome: 'delivered', code: 'delivered', reason: `${rolloutId} rules on it: ${reason}.`, rolloutId };
  });
}
