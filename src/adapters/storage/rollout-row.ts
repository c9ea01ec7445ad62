/**
 * Rollout records as rows of table SlipwayAudit: PartitionKey the rollout id (escaped), RowKey the sequence in ten digits;
 * one column per member, `split` and `failedMetrics` as JSON, absent members left out.
 */
import { z } from 'zod';
import type { RolloutRecord } from '../../domain/audit/record.ts';
import { tableKey } from './table-key.ts';

/** A text column holds at most 32,768 characters. */
const MAX_TEXT = 30_000;
const SEQUENCE_DIGITS = 10;

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

const rowSchema = z.object({
  rolloutId: z.string(),
  sequence: z.number(),
  atIso: z.string(),
  kind: z.string(),
  endpoint: z.string(),
  model: z.string(),
  version: z.string(),
  attempt: z.number(),
  green: z.string(),
  from: text,
  phase: z.string(),
  reason: z.string(),
  actor: z.string(),
  split: text,
  decision: text,
  evidence: text,
  code: text,
  failedMetrics: text,
});

export type RolloutRow = Readonly<Record<string, string | number>> & {
  readonly partitionKey: string;
  readonly rowKey: string;
};

export function rolloutRow(record: RolloutRecord): RolloutRow {
  const { split, failedMetrics, ...members } = record;
  const columns = {
    ...members,
    split: split === null ? null : JSON.stringify(split),
    failedMetrics: failedMetrics.length > 0 ? JSON.stringify(failedMetrics) : null,
  };
  return {
    ...columnsOf(columns),
    partitionKey: tableKey(record.rolloutId),
    rowKey: rowKeyOf(record.sequence),
  };
}

/** Rows sort by their key as text. */
export function rowKeyOf(sequence: number): string {
  return String(sequence).padStart(SEQUENCE_DIGITS, '0');
}

/** Drops nulls and cuts texts to what a column holds. */
export function columnsOf(members: Readonly<Record<string, string | number | null>>): Record<string, string | number> {
  const kept = Object.entries(members).flatMap(([name, value]): [string, string | number][] => {
    if (value === null) return [];
    return [[name, typeof value === 'string' ? value.slice(0, MAX_TEXT) : value]];
  });
  return Object.fromEntries(kept);
}

export function recordOfRow(row: unknown): RolloutRecord {
  const { split, failedMetrics, ...members } = rowSchema.parse(row);
  // Rows are written by rolloutRow alone: their words are those of RolloutRecord.
  const read = { split: split === null ? null : JSON.parse(split), failedMetrics: JSON.parse(failedMetrics ?? '[]') };
  return { ...members, ...read } as RolloutRecord;
}
