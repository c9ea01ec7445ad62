/** Answers one log query: reads its body, limits the rows to what the caller may and can see now, runs it. */
import { z } from 'zod';
import { runQuery } from '../kql/run-query.ts';
import { KqlError } from '../kql/syntax/kql-error.ts';
import type { Row } from '../kql/types/scalar-type.ts';
import { parseTimeRange, type TimeRange } from '../store/time-range.ts';
import { TRAFFIC_LOG_TABLE, trafficLogSchema } from '../store/traffic-log-table.ts';
import type { StoredRequest, TrafficStore } from '../store/traffic-store.ts';
import { badArgument, type LogsAnswer, refusedQuery } from './logs-answer.ts';

const bodySchema = z.object({
  query: z.string().min(1),
  timespan: z.string().nullish(),
  workspaces: z.array(z.string()).nullish(),
});

export interface LogsScope {
  readonly store: TrafficStore;
  readonly nowMs: number;
  readonly workspaceId: string;
  /** Only rows of this resource and those below it; the whole workspace when absent. */
  readonly resourceId?: string;
}

/** The timespan of the body and the conditions of the query both hold, as in the service. */
export function queryLogs(body: unknown, scope: LogsScope): LogsAnswer {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return badArgument('InvalidRequestBody', z.prettifyError(parsed.error));
  const { query, timespan, workspaces } = parsed.data;
  const foreign = (workspaces ?? []).find((id) => id.toLowerCase() !== scope.workspaceId.toLowerCase());
  if (foreign !== undefined) return badArgument('WorkspaceNotFound', `The workspace '${foreign}' could not be found`);
  const range = timespan ? parseTimeRange(timespan, scope.nowMs) : null;
  if (range === undefined) {
    return badArgument('InvalidTimespan', `The timespan '${timespan}' is neither an ISO 8601 duration nor an interval`);
  }
  return run(query, range, scope);
}

function run(query: string, range: TimeRange | null, scope: LogsScope): LogsAnswer {
  const rows = () => visibleRows(scope, range);
  const tables = new Map([[TRAFFIC_LOG_TABLE, { schema: trafficLogSchema, rows }]]);
  try {
    return { status: 200, body: { tables: [runQuery(query, { tables, nowMs: scope.nowMs })] } };
  } catch (error) {
    if (error instanceof KqlError) return refusedQuery(query, error);
    throw error;
  }
}

function visibleRows(scope: LogsScope, range: TimeRange | null): readonly Row[] {
  const resourceId = scope.resourceId?.toLowerCase();
  const isVisible = ({ entry, visibleAtMs }: StoredRequest) =>
    visibleAtMs <= scope.nowMs &&
    (!range || (entry.startedAtMs >= range.startMs && entry.startedAtMs <= range.endMs)) &&
    (resourceId === undefined || isWithin(entry.endpointResourceId.toLowerCase(), resourceId));
  return scope.store
    .requests()
    .filter(isVisible)
    .map(({ row }) => row);
}

function isWithin(resourceId: string, parent: string): boolean {
  return resourceId === parent || resourceId.startsWith(`${parent}/`);
}
