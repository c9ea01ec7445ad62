/** Appends a rollout record to the audit log, then publishes the same as an event. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { EventPublisher } from '../../ports/events.ts';
import type { AuditLog } from '../../ports/records.ts';

/** Repeating changes nothing in the log; the event comes again with the same id, for receivers to drop. */
export function createRecordAudit(audit: AuditLog, publisher: EventPublisher): ActivityHandler<'recordAudit'> {
  return async ({ record }) => {
    await audit.append(record);
    await publisher.publish({
      id: `${record.rolloutId}.${record.sequence}`,
      type: `Slipway.Rollout.${pascalCase(record.kind)}`,
      subject: `rollouts/${record.rolloutId}`,
      timeIso: record.atIso,
      data: { ...record },
    });
    return { recorded: true };
  };
}

/** `phase-changed` as `PhaseChanged`. */
function pascalCase(words: string): string {
  return words
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
