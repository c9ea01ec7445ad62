/** The checkpoint as the sentinel row of an instance's history; its ETag guards against a second writer. */
import { z } from 'zod';
import { type Checkpoint, CorruptHistory, type HistoryCommit, RUNTIME_STATUSES } from '../task-hub-store.ts';
import type { Row } from './history-rows.ts';

export const SENTINEL = 'sentinel';

/**
 * Beyond the columns of the real provider (ExecutionId, IsCheckpointComplete, CheckpointCompletedTimestamp) the row
 * says what this host needs to go on after a crash at any point.
 */
export function sentinelRow(partitionKey: string, commit: HistoryCommit): Row {
  const { checkpoint, completedMs } = commit;
  return {
    partitionKey,
    rowKey: SENTINEL,
    ExecutionId: checkpoint.executionId,
    IsCheckpointComplete: true,
    CheckpointCompletedTimestamp: new Date(completedMs),
    Turn: { type: 'Int64', value: String(checkpoint.turn) },
    RuntimeStatus: checkpoint.status,
    CustomStatus: checkpoint.customStatus ?? 'null',
    ConsumedMessageIds: JSON.stringify(checkpoint.consumedMessageIds),
    HistoryLength: checkpoint.length,
  };
}

function parseIds(text: string, context: z.RefinementCtx): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'is not a JSON list of texts' });
    return z.NEVER;
  }
}

const sentinelSchema = z.object({
  ExecutionId: z.string(),
  Turn: z.coerce.number(),
  RuntimeStatus: z.enum(RUNTIME_STATUSES),
  CustomStatus: z.string().nullish(),
  ConsumedMessageIds: z.string().transform(parseIds),
  HistoryLength: z.int(),
});

export function checkpointOf(row: Row): Checkpoint {
  const read = sentinelSchema.safeParse(row);
  if (!read.success) {
    throw new CorruptHistory(
      `History row (PartitionKey '${row.partitionKey}', RowKey '${SENTINEL}') is corrupt or not of this host: ` +
        `${z.prettifyError(read.error)}. Purge the instance, or repair the row and restart the host.`,
    );
  }
  const { ExecutionId, Turn, RuntimeStatus, CustomStatus, ConsumedMessageIds, HistoryLength } = read.data;
  return {
    executionId: ExecutionId,
    turn: Turn,
    status: RuntimeStatus,
    customStatus: !CustomStatus || CustomStatus === 'null' ? null : CustomStatus,
    consumedMessageIds: ConsumedMessageIds,
    length: HistoryLength,
  };
}
