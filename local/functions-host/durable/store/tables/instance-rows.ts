/** Instance records as rows of the Instances table, and back. */
import { z } from 'zod';
import { CorruptRecord, type InstanceChange, type InstanceRecord, RUNTIME_STATUSES } from '../task-hub-store.ts';
import { escapeKey, unescapeKey } from './escape-key.ts';
import type { Row } from './history-rows.ts';
import { isBlobDamaged, isLarge, type LargeValues } from './large-values.ts';

const COLUMNS = {
  executionId: 'ExecutionId',
  name: 'Name',
  version: 'Version',
  input: 'Input',
  output: 'Output',
  customStatus: 'CustomStatus',
  status: 'RuntimeStatus',
  createdMs: 'CreatedTime',
  lastUpdatedMs: 'LastUpdatedTime',
  completedMs: 'CompletedTime',
} as const;

type Field = keyof typeof COLUMNS;

/** Only the fields given become columns; large texts are saved as blobs and the column holds the address. */
export async function instanceRow(
  instanceId: string,
  change: InstanceChange,
  hubName: string,
  large: LargeValues,
): Promise<Row> {
  const partitionKey = escapeKey(instanceId);
  const row: Row = { partitionKey, rowKey: '', TaskHubName: hubName };
  for (const [field, value] of Object.entries(change) as [Field, string | number | null][]) {
    row[COLUMNS[field]] = await columnValue(field, value, partitionKey, large);
  }
  return row;
}

async function columnValue(field: Field, value: string | number | null, partitionKey: string, large: LargeValues) {
  if (typeof value === 'number') return new Date(value);
  if (value === null) return field === 'customStatus' ? 'null' : undefined;
  if (!isLarge(value)) return value;
  const blob = `${partitionKey}/instance-${COLUMNS[field]}.json.gz`;
  await large.save(blob, value);
  return large.urlOf(blob);
}

const rowSchema = z.object({
  ExecutionId: z.string(),
  Name: z.string(),
  Version: z.string().nullish(),
  Input: z.string().nullish(),
  Output: z.string().nullish(),
  CustomStatus: z.string().nullish(),
  RuntimeStatus: z.enum(RUNTIME_STATUSES),
  CreatedTime: z.date(),
  LastUpdatedTime: z.date(),
  CompletedTime: z.date().nullish(),
});

export async function recordOfRow(row: Row, large: LargeValues): Promise<InstanceRecord> {
  const read = rowSchema.safeParse(row);
  if (!read.success) {
    throw corrupt(row, z.prettifyError(read.error));
  }
  const columns = read.data;
  const text = async (value: string | null | undefined) => {
    const blob = value ? large.nameOf(value) : undefined;
    return blob === undefined ? (value ?? null) : loadBlob(row, blob, large);
  };
  return {
    instanceId: unescapeKey(row.partitionKey),
    executionId: columns.ExecutionId,
    name: columns.Name,
    version: columns.Version ?? null,
    input: await text(columns.Input),
    output: await text(columns.Output),
    customStatus: columns.CustomStatus === 'null' ? null : await text(columns.CustomStatus),
    status: columns.RuntimeStatus,
    createdMs: columns.CreatedTime.getTime(),
    lastUpdatedMs: columns.LastUpdatedTime.getTime(),
    completedMs: columns.CompletedTime?.getTime() ?? null,
  };
}

async function loadBlob(row: Row, blob: string, large: LargeValues): Promise<string> {
  return large.load(blob).catch((error: unknown) => {
    if (!isBlobDamaged(error)) throw error;
    throw corrupt(row, `its blob '${blob}' cannot be read: ${String(error)}`);
  });
}

function corrupt({ partitionKey }: Row, cause: string): CorruptRecord {
  return new CorruptRecord(
    `Instances row (PartitionKey '${partitionKey}', RowKey '') is corrupt: ${cause.replace(/\.?$/, '.')} ` +
      'Purge the instance, or repair the row.',
  );
}
