/** What every Event Grid function does around its own decision: parse the envelope, refuse strangers, record the outcome. */
import { type EventEnvelope, parseEnvelope } from '../../contracts/event-envelope.ts';
import type { EventOutcome } from '../../domain/audit/record.ts';
import { refuseEnvelope } from '../../domain/events/triage.ts';
import { hashHex } from '../../domain/ids/names.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';
import type { AuditLog } from '../../ports/records.ts';

export type EventHandler = (event: unknown, control: OrchestrationControl) => Promise<EventOutcome>;

export interface EventRules {
  readonly types: readonly string[];
  /** ARM id of what may raise them. */
  readonly source: string;
  readonly maxEventAgeMs: number;
  /** Set where another function gets the same events: each records its own outcome. */
  readonly recordPrefix?: string;
}

export type Decide = (envelope: EventEnvelope, control: OrchestrationControl, nowMs: number) => Promise<EventOutcome>;

/** Resolves with what became of the event; throws only when storage cannot be reached, so that Event Grid tries again. */
export function takeEvent(
  { audit, clock }: { readonly audit: AuditLog; readonly clock: Clock },
  rules: EventRules,
  decide: Decide,
): EventHandler {
  return async (event, control) => {
    const nowMs = clock.nowMs();
    const parsed = parseEnvelope(event);
    const envelope = parsed.ok ? parsed.value : null;
    const outcome = parsed.ok
      ? (refusalOf(parsed.value, rules, nowMs) ?? (await decide(parsed.value, control, nowMs)))
      : malformed(parsed.problems);
    await audit.recordEvent({
      eventId: envelope
        ? `${rules.recordPrefix ?? ''}${envelope.id}`
        : `malformed-${hashHex(JSON.stringify(event ?? null))}`,
      atIso: new Date(nowMs).toISOString(),
      type: envelope?.type ?? '',
      source: envelope?.source ?? '',
      subject: envelope?.subject ?? '',
      ...outcome,
    });
    return outcome;
  };
}

/** Null when the event may be decided on. */
function refusalOf(
  envelope: EventEnvelope,
  { types, source: workspaceId, maxEventAgeMs: maxAgeMs }: EventRules,
  nowMs: number,
): EventOutcome | null {
  const expectedType = types.includes(envelope.type) ? envelope.type : types.join(' or ');
  const facts = { type: envelope.type, expectedType, source: envelope.source, workspaceId, maxAgeMs };
  const refusal = refuseEnvelope({ ...facts, ageMs: nowMs - envelope.timeMs });
  return refusal && { ...refusal, rolloutId: null };
}

export function malformed(problems: readonly string[]): EventOutcome {
  return { outcome: 'refused', code: 'malformed', reason: problems.join('; ').slice(0, 2000), rolloutId: null };
}

export function ignored(code: string, reason: string): EventOutcome {
  return { outcome: 'ignored', code, reason, rolloutId: null };
}
