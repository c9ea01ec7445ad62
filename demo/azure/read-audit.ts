/** Reads a rollout's audit records from table storage, past the app: table SlipwayAudit, one row per record. */
import type { TokenCredential } from '@azure/core-auth';
import { odata, RestError, TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { rolloutIdOf } from './scenario-names.ts';

const TABLE = 'SlipwayAudit';
const MAX_ROWS = 500;

const rowSchema = z.object({
  rowKey: z.string(),
  atIso: z.string(),
  kind: z.string(),
  phase: z.string(),
  reason: z.string(),
  actor: z.string(),
  code: z.string().nullish(),
  /** A list as JSON. */
  failedMetrics: z.string().nullish(),
});
const metricsSchema = z.array(z.string());

export interface AuditEntry {
  readonly atIso: string;
  /** `phase-changed`, `command-applied`, `command-refused`, ... */
  readonly kind: string;
  readonly phase: string;
  readonly reason: string;
  readonly actor: string;
  /** Machine word of a rollback's cause. */
  readonly code: string | null;
  /** Metrics that spoke against the version, where the judge turned it back. */
  readonly failedMetrics: readonly string[];
}

export type AuditReader = (version: string) => Promise<readonly AuditEntry[]>;

/** Entries come in the order in which they were written; none before the app wrote its first. */
export function createAuditReader(tablesUrl: string, credential: TokenCredential): AuditReader {
  const client = new TableClient(tablesUrl, TABLE, credential);
  return async (version) => {
    const filter = odata`PartitionKey eq ${rolloutIdOf(version)}`;
    const rows: z.output<typeof rowSchema>[] = [];
    try {
      for await (const row of client.listEntities({ queryOptions: { filter } })) {
        if (rows.push(rowSchema.parse(row)) >= MAX_ROWS) break;
      }
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return [];
      throw error;
    }
    const ordered = rows.sort((a, b) => a.rowKey.localeCompare(b.rowKey));
    return ordered.map(({ rowKey: _key, code, failedMetrics, ...entry }) => ({
      ...entry,
      code: code ?? null,
      failedMetrics: metricsSchema.parse(JSON.parse(failedMetrics ?? '[]')),
    }));
  };
}
