/**
 * Routes of the logs query API (`/v1`): queries of the workspace and of resources, and batches of workspace queries.
 * Error texts follow "Azure Monitor Log Analytics API errors".
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { BearerVerifier } from '../../emulator/bearer.ts';
import type { Clock } from '../../emulator/clock.ts';
import type { TrafficStore } from '../store/traffic-store.ts';
import { badArgument, type LogsAnswer, logsFailure } from './logs-answer.ts';
import { queryLogs } from './query-logs.ts';

const AUDIENCES = ['https://api.loganalytics.io'];
const MAX_BATCH = 100;

export interface LogsOptions {
  readonly store: TrafficStore;
  readonly clock: Clock;
  readonly workspaceId: string;
  readonly verifyBearer: BearerVerifier;
}

export function registerLogsRoutes(app: FastifyInstance, options: LogsOptions): void {
  app.post('/v1/*', async (request, reply) => {
    const refusal = await refuseCaller(request, options.verifyBearer);
    const answer = refusal ?? (isBatch(request) ? queryBatch(request.body, options) : answerQuery(request, options));
    return reply.code(answer.status).send(answer.body);
  });
}

async function refuseCaller(request: FastifyRequest, verify: BearerVerifier): Promise<LogsAnswer | undefined> {
  const { authorization } = request.headers;
  if (!authorization) {
    const message = "Authentication failed. The 'Authorization' header is missing.";
    return logsFailure(401, 'AuthenticationFailed', message);
  }
  const check = await verify(authorization, AUDIENCES);
  if (check.ok) return undefined;
  return logsFailure(403, 'InvalidAuthenticationToken', `The access token is invalid. ${check.reason}`);
}

function pathOf(request: FastifyRequest): string {
  const path = request.url.split('?', 1)[0] ?? '';
  return decodeURIComponent(path.replace(/\/{2,}/g, '/'));
}

function isBatch(request: FastifyRequest): boolean {
  return /^\/v1\/\$batch$/i.test(pathOf(request));
}

function answerQuery(request: FastifyRequest, options: LogsOptions): LogsAnswer {
  const path = pathOf(request);
  const workspaceId = /^\/v1\/workspaces\/([^/]+)\/query$/i.exec(path)?.[1];
  if (workspaceId !== undefined) return queryWorkspace(workspaceId, request.body, options);
  const resourceId = /^\/v1(\/subscriptions\/.+)\/query$/i.exec(path)?.[1];
  if (resourceId !== undefined) return queryLogs(request.body, { ...scopeOf(options), resourceId });
  return logsFailure(404, 'PathNotFoundError', 'The requested path does not exist');
}

function scopeOf({ store, clock, workspaceId }: LogsOptions) {
  return { store, workspaceId, nowMs: clock.nowMs() };
}

function queryWorkspace(workspaceId: string, body: unknown, options: LogsOptions): LogsAnswer {
  if (workspaceId.toLowerCase() === options.workspaceId.toLowerCase()) return queryLogs(body, scopeOf(options));
  return logsFailure(404, 'WorkspaceNotFoundError', `The workspace '${workspaceId}' could not be found`);
}

const batchSchema = z.object({
  requests: z
    .array(
      z.object({
        id: z.string(),
        workspace: z.string(),
        method: z.string().default('GET'),
        path: z.string().default('/query'),
        body: z.unknown(),
      }),
    )
    .min(1)
    .max(MAX_BATCH),
});

interface BatchAnswer {
  readonly status: number;
  readonly body: LogsAnswer['body'] | { readonly responses: readonly (LogsAnswer & { readonly id: string })[] };
}

/** A failed member does not fail the batch. */
function queryBatch(body: unknown, options: LogsOptions): BatchAnswer {
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success) return badArgument('InvalidRequestBody', z.prettifyError(parsed.error));
  const responses = parsed.data.requests.map(({ id, workspace, method, path, body: query }) => {
    const isQuery = path === '/query' && method.toUpperCase() === 'POST';
    const answer = isQuery
      ? queryWorkspace(workspace, query, options)
      : logsFailure(404, 'PathNotFoundError', 'The requested path does not exist');
    return { id, ...answer };
  });
  return { status: 200, body: { responses } };
}
