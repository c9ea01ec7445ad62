/** The AuditLog port over two tables, SlipwayAudit and SlipwayEvents; rows are inserted and never changed. */
import type { TokenCredential } from '@azure/core-auth';
import { hashHex } from '../../domain/ids/names.ts';
import type { AuditLog } from '../../ports/records.ts';
import { onFirstUse } from '../calls/first-use.ts';
import { statusOf } from '../calls/status-of.ts';
import { retrainingOfRow, retrainingRow } from './retraining-row.ts';
import { columnsOf, recordOfRow, rolloutRow } from './rollout-row.ts';
import { tableKey } from './table-key.ts';

export const AUDIT_TABLE = 'SlipwayAudit';
export const EVENTS_TABLE = 'SlipwayEvents';

const CALL_TIMEOUT_MS = 15_000;
const RETRIES = { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 3000 };
const MAX_RECORDS = 10_000;

/** Tables are created on first use; the identity needs the role Storage Table Data Contributor. */
export function createAuditLog(tablesEndpoint: string, credential: TokenCredential): AuditLog {
  const audit = openTable(tablesEndpoint, AUDIT_TABLE, credential);
  const events = openTable(tablesEndpoint, EVENTS_TABLE, credential);
  return {
    async append(record) {
      await audit.insert(rolloutRow(record));
    },
    listRollout: (rolloutId) => audit.list(rolloutId, recordOfRow),
    async appendRetraining(record) {
      await audit.insert(retrainingRow(record));
    },
    listRetraining: (retrainingId) => audit.list(retrainingId, retrainingOfRow),
    recordEvent: (record) =>
      events.insert({
        ...columnsOf({ ...record }),
        partitionKey: `events-${hashHex(record.eventId).slice(0, 2)}`,
        rowKey: tableKey(record.eventId),
      }),
  };
}

function openTable(endpoint: string, name: string, credential: TokenCredential) {
  const open = onFirstUse(async () => {
    const { odata, TableClient } = await import('@azure/data-tables');
    const client = new TableClient(endpoint, name, credential, { retryOptions: RETRIES });
    await client.createTable({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    return { client, odata };
  });
  return {
    /** False when a row with these keys exists; it stays. */
    async insert(row: { partitionKey: string; rowKey: string }): Promise<boolean> {
      const { client } = await open();
      try {
        await client.createEntity(row, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
        return true;
      } catch (error) {
        if (statusOf(error) === 409) return false;
        throw error;
      }
    },
    async list<Entry>(id: string, read: (row: unknown) => Entry): Promise<readonly Entry[]> {
      const { client, odata } = await open();
      const filter = odata`PartitionKey eq ${tableKey(id)}`;
      const rows: Entry[] = [];
      const options = { queryOptions: { filter }, abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) };
      for await (const row of client.listEntities(options)) {
        rows.push(read(row));
        if (rows.length >= MAX_RECORDS) break;
      }
      return rows;
    },
  };
}
