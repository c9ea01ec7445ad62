/** Event Grid functions around retraining: drift and new data start one, a job that ended wakes one. */

import { startRetraining } from '../../commands/start-retraining.ts';
import {
  BLOB_CREATED,
  DATASET_DRIFT,
  type DriftEvent,
  parseDrift,
  parseNewBlob,
  parseRun,
  RUN_COMPLETED,
  RUN_STATUS_CHANGED,
} from '../../contracts/training-events.ts';
import type { EventOutcome } from '../../domain/audit/record.ts';
import type { Policies, RetrainedPolicy } from '../../domain/policy/policies.ts';
import { isRetrainingId } from '../../domain/retraining/names.ts';
import type { RetrainingTrigger } from '../../domain/retraining/state.ts';
import { RETRAINING_TAGS } from '../../domain/retraining/tags.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';
import type { AuditLog } from '../../ports/records.ts';
import { type EventHandler, ignored, malformed, takeEvent } from './take-event.ts';

export interface TrainingEventPorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
}

export interface TrainingEventConfig {
  /** ARM id of the workspace, or of the storage account for new data. */
  readonly source: string;
  readonly maxEventAgeMs: number;
  readonly policies: Policies;
}

const ENDED = ['completed', 'failed', 'canceled'];
const NAMED = 3;

export function createOnDrift(ports: TrainingEventPorts, { policies, ...rules }: TrainingEventConfig): EventHandler {
  return takeEvent(
    ports,
    { ...rules, types: [RUN_STATUS_CHANGED, DATASET_DRIFT] },
    async (envelope, control, nowMs) => {
      const parsed = parseDrift(envelope);
      if (!parsed.ok) return malformed(parsed.problems);
      const drift = parsed.value;
      if (drift === null) return ignored('no-breach', 'The run broke no threshold of a model monitor.');
      const concerned = policies.watching({ kind: 'monitor', name: drift.signal });
      if (concerned.length === 0)
        return ignored('unknown-monitor', `No policy retrains on the signal ${drift.signal}.`);
      const trigger = { kind: 'drift', reference: drift.runId, sentence: sentenceOf(drift) } as const;
      return startAll(control, concerned, trigger, nowMs);
    },
  );
}

export function createOnNewData(ports: TrainingEventPorts, { policies, ...rules }: TrainingEventConfig): EventHandler {
  return takeEvent(ports, { ...rules, types: [BLOB_CREATED] }, async (envelope, control, nowMs) => {
    const parsed = parseNewBlob(envelope);
    if (!parsed.ok) return malformed(parsed.problems);
    const { container, name } = parsed.value;
    const concerned = policies.watching({ kind: 'blob', container, name });
    if (concerned.length === 0) return ignored('unknown-path', `No policy retrains on ${container}/${name}.`);
    const sentence = `New data came: ${container}/${name}.`;
    return startAll(control, concerned, { kind: 'new-data', reference: envelope.id, sentence }, nowMs);
  });
}

/** The event only wakes the retraining, which reads the job itself; one that was lost costs a pause. */
export function createOnRunCompleted(
  ports: TrainingEventPorts,
  { source, maxEventAgeMs }: Omit<TrainingEventConfig, 'policies'>,
): EventHandler {
  const rules = { source, maxEventAgeMs, types: [RUN_COMPLETED, RUN_STATUS_CHANGED], recordPrefix: 'run.' };
  return takeEvent(ports, rules, async (envelope, control) => {
    const parsed = parseRun(envelope);
    if (!parsed.ok) return malformed(parsed.problems);
    const { runId, tags, status } = parsed.value;
    const retrainingId = tags[RETRAINING_TAGS.retraining] ?? '';
    if (!isRetrainingId(retrainingId)) return ignored('foreign-run', `Run ${runId} belongs to no retraining.`);
    if (status !== null && !ENDED.includes(status.toLowerCase())) {
      return ignored('still-running', `Run ${runId} is ${status}.`);
    }
    await control.wake(retrainingId);
    const reason = `Run ${runId} has ended; ${retrainingId} looks at it.`;
    return { outcome: 'delivered', code: 'woken', reason, rolloutId: retrainingId };
  });
}

function sentenceOf({ signal, features }: DriftEvent): string {
  if (features.length === 0) return `The monitor ${signal} reports drift.`;
  const more = features.length > NAMED ? ` and ${features.length - NAMED} more` : '';
  return `The monitor ${signal} reports drift of ${features.slice(0, NAMED).join(', ')}${more}.`;
}

export async function startAll(
  control: OrchestrationControl,
  policies: readonly RetrainedPolicy[],
  trigger: RetrainingTrigger,
  nowMs: number,
): Promise<EventOutcome> {
  const starts = await Promise.all(policies.map((policy) => startRetraining(control, { policy, trigger, nowMs })));
  const known = starts.flatMap((start) => start ?? []);
  const ids = known.map(({ retrainingId }) => retrainingId).join(', ');
  if (known.some(({ started }) => started)) {
    return { outcome: 'started', code: 'started', reason: `Started ${ids}.`, rolloutId: ids };
  }
  return { outcome: 'duplicate', code: 'already-started', reason: `${ids} was started before.`, rolloutId: ids };
}
