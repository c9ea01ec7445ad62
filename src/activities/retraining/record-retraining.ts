/** Appends a retraining record to the audit log, then publishes the same as an event. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import { hasEnded } from '../../domain/retraining/state.ts';
import type { EventPublisher } from '../../ports/events.ts';
import type { AuditLog } from '../../ports/records.ts';

/** Repeating changes nothing in the log; the event comes again with the same id, for receivers to drop. */
export function createRecordRetraining(
  audit: AuditLog,
  publisher: EventPublisher,
): ActivityHandler<'recordRetraining'> {
  return async ({ record }) => {
    await audit.appendRetraining(record);
    await publisher.publish({
      id: `${record.retrainingId}.${record.sequence}`,
      type: hasEnded(record.phase) ? 'Slipway.Retraining.Ended' : 'Slipway.Retraining.PhaseChanged',
      subject: `retrainings/${record.retrainingId}`,
      timeIso: record.atIso,
      data: { ...record },
    });
    return { recorded: true };
  };
}
