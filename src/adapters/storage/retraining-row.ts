/** Retraining records as rows of table SlipwayAudit, beside those of rollouts: PartitionKey the retraining id (escaped). */
import { z } from 'zod';
import type { RetrainingRecord } from '../../domain/audit/retraining-record.ts';
import { columnsOf, rowKeyOf } from './rollout-row.ts';
import { tableKey } from './table-key.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

const rowSchema = z.object({
  retrainingId: z.string(),
  sequence: z.number(),
  atIso: z.string(),
  endpoint: z.string(),
  model: z.string(),
  trigger: z.string(),
  triggerReference: z.string(),
  from: z.string(),
  phase: z.string(),
  reason: z.string(),
  actor: z.string(),
  champion: text,
  data: text,
  job: text,
  version: text,
  evidence: text,
});

export function retrainingRow(record: RetrainingRecord) {
  return {
    ...columnsOf({ ...record }),
    partitionKey: tableKey(record.retrainingId),
    rowKey: rowKeyOf(record.sequence),
  };
}

export function retrainingOfRow(row: unknown): RetrainingRecord {
  // Rows are written by retrainingRow alone: their words are those of RetrainingRecord.
  return rowSchema.parse(row) as RetrainingRecord;
}
