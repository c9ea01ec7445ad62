/** The Instances table: one visible record per instance. */
import { odata, type TableClient } from '@azure/data-tables';
import {
  CorruptRecord,
  type InstanceChange,
  type InstancePage,
  type InstanceQuery,
  type InstanceRecord,
} from '../task-hub-store.ts';
import { escapeKey } from './escape-key.ts';
import type { Row } from './history-rows.ts';
import { instanceRow, recordOfRow } from './instance-rows.ts';
import type { LargeValues } from './large-values.ts';
import { hasStatus, removeRow } from './table-batches.ts';

const MAX_PAGE = 1000;

export class InstanceTable {
  readonly #table: TableClient;
  readonly #large: LargeValues;
  readonly #hubName: string;

  constructor(table: TableClient, large: LargeValues, hubName: string) {
    this.#table = table;
    this.#large = large;
    this.#hubName = hubName;
  }

  async open(): Promise<void> {
    await this.#table.createTable();
  }

  async read(instanceId: string): Promise<InstanceRecord | undefined> {
    try {
      return await recordOfRow((await this.#table.getEntity(escapeKey(instanceId), '')) as Row, this.#large);
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async put({ instanceId, ...record }: InstanceRecord): Promise<void> {
    await this.#table.upsertEntity(await instanceRow(instanceId, record, this.#hubName, this.#large), 'Replace');
  }

  /** Changes an existing row only: a purged instance does not come back. */
  async change(instanceId: string, change: InstanceChange): Promise<void> {
    const row = await instanceRow(instanceId, change, this.#hubName, this.#large);
    try {
      await this.#table.updateEntity(row, 'Merge');
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  }

  async list(query: InstanceQuery): Promise<InstancePage> {
    const filter = filterText(query);
    const pages = this.#table
      .listEntities(filter ? { queryOptions: { filter } } : {})
      .byPage({ maxPageSize: Math.min(query.top, MAX_PAGE), ...tokenOf(query.continuation) });
    const next = await pages.next();
    if (next.done) return { records: [], continuation: undefined };
    const read = await Promise.all(next.value.map((row) => recordOrProblem(row as Row, this.#large)));
    const records = read.filter((one) => typeof one !== 'string');
    const problems = read.filter((one) => typeof one === 'string');
    return { records, problems, continuation: next.value.continuationToken };
  }

  async purge(instanceId: string): Promise<void> {
    await removeRow(this.#table, escapeKey(instanceId), '');
  }
}

/** One row that cannot be read must not hide the others. */
async function recordOrProblem(row: Row, large: LargeValues): Promise<InstanceRecord | string> {
  try {
    return await recordOfRow(row, large);
  } catch (error) {
    if (error instanceof CorruptRecord) return error.message;
    throw error;
  }
}

function tokenOf(continuation: string | undefined) {
  return continuation === undefined ? {} : { continuationToken: continuation };
}

function filterText(query: InstanceQuery): string {
  const parts: string[] = [];
  if (query.createdFromMs !== undefined) parts.push(odata`CreatedTime ge ${new Date(query.createdFromMs)}`);
  if (query.createdToMs !== undefined) parts.push(odata`CreatedTime le ${new Date(query.createdToMs)}`);
  if (query.idPrefix) {
    const prefix = escapeKey(query.idPrefix);
    parts.push(odata`PartitionKey ge ${prefix}`, odata`PartitionKey lt ${afterPrefix(prefix)}`);
  }
  if (query.statuses) {
    parts.push(`(${query.statuses.map((status) => odata`RuntimeStatus eq ${status}`).join(' or ')})`);
  }
  return parts.join(' and ');
}

/** The first key that no longer starts with `prefix`. */
function afterPrefix(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}
