/** Reads the app's tables past the app: the audit trail of a rollout, and what became of each incoming event. */
import { odata, RestError, TableClient } from '@azure/data-tables';
import { AUDIT_TABLE, EVENTS_TABLE } from '../../../src/adapters/storage/create-audit-log.ts';
import { recordOfRow } from '../../../src/adapters/storage/rollout-row.ts';
import { tableKey } from '../../../src/adapters/storage/table-key.ts';
import type { EventRecord, RolloutRecord } from '../../../src/domain/audit/record.ts';

export type Trail = readonly RolloutRecord[];

export interface RecordReader {
  /** In the order of their numbers; empty before the first. */
  trail(rolloutId: string): Promise<Trail>;
  events(): Promise<readonly EventRecord[]>;
}

export function createRecordReader(connectionString: string): RecordReader {
  const audit = TableClient.fromConnectionString(connectionString, AUDIT_TABLE);
  const events = TableClient.fromConnectionString(connectionString, EVENTS_TABLE);
  return {
    trail: async (rolloutId) => {
      const rows = await rowsOf(audit, odata`PartitionKey eq ${tableKey(rolloutId)}`);
      return rows.map(recordOfRow).sort((a, b) => a.sequence - b.sequence);
    },
    events: async () => (await rowsOf(events)) as unknown as readonly EventRecord[],
  };
}

/** Tables come with their first row. */
async function rowsOf(table: TableClient, filter?: string): Promise<readonly object[]> {
  const rows: object[] = [];
  try {
    for await (const row of table.listEntities(filter ? { queryOptions: { filter } } : {})) rows.push(row);
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return [];
    throw error;
  }
  return rows;
}

/** One line per record, as a failed scenario shows it. */
export function trailText(trail: Trail): string {
  const lines = trail.map(
    ({ sequence, atIso, kind, from, phase, actor, reason }) =>
      `  ${sequence} ${atIso} ${kind} ${from ?? ''} > ${phase} by ${actor}: ${reason}`,
  );
  return lines.length === 0 ? '  (no audit record)' : lines.join('\n');
}
