/**
 * The workspace's tracking uri: MLflow's REST API behind Azure's address, token check and run ids.
 *
 * 1. No call passes without a bearer token for Azure ML or Azure Resource Manager, or that of a job that runs.
 * 2. A job's name is its run id on this side; MLflow's own id never shows.
 * 3. While the server is down every call is 503 with a reason, and nothing is kept for later.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { BearerVerifier } from '../../emulator/bearer.ts';
import { PROVIDER } from '../arm/protocol/workspace.ts';
import type { Job } from '../jobs/state/job.ts';
import type { JobRuns } from './job-runs.ts';
import type { JobTracking } from './job-tracking.ts';
import type { MlflowServer } from './mlflow-server.ts';
import { runIdsIn, withArtifactUris, withRunIds } from './rewrite-run-ids.ts';

/** The client's own plug-in asks for Azure Resource Manager's audience, REST users for Azure ML's. */
const AUDIENCES = ['https://ml.azure.com', 'https://management.azure.com', 'https://management.core.windows.net'];
const ROUTE = `/mlflow/:version/subscriptions/:subscription/resourceGroups/:group/providers/${PROVIDER}/workspaces/:workspace/*`;
const FORWARD_LIMIT_MS = 30_000;
const RETRY_AFTER_SECONDS = '5';

export interface TrackingFrontOptions {
  readonly server: MlflowServer;
  readonly runs: JobRuns;
  readonly tracking: JobTracking;
  readonly verifyBearer: BearerVerifier;
  /** Where a job's artefacts lie: a path of this machine for the job itself, the datastore's address for others. */
  readonly artifactUri: (jobName: string, forJob: boolean) => string | undefined;
}

const controlSchema = z.strictObject({ up: z.boolean() });

/** Also `POST /_control/mlflow {"up": false}`: ends the server and keeps it down until `{"up": true}`. */
export function installTrackingFront(app: FastifyInstance, options: TrackingFrontOptions): void {
  app.route({
    method: ['GET', 'POST', 'PATCH', 'DELETE'],
    url: ROUTE,
    handler: async (request, reply) => {
      const caller = await callerOf(request, options);
      if (!caller.ok) return refuse(reply, 401, 'UNAUTHENTICATED', caller.reason);
      return forward(request, reply, options, caller.job);
    },
  });
  app.post('/_control/mlflow', async (request, reply) => {
    await options.server.keepDown(!controlSchema.parse(request.body).up);
    return reply.code(200).send({});
  });
}

type Caller = { readonly ok: true; readonly job: Job | undefined } | { readonly ok: false; readonly reason: string };

async function callerOf(request: FastifyRequest, options: TrackingFrontOptions): Promise<Caller> {
  const { authorization } = request.headers;
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const job = options.tracking.jobOfToken(token);
  if (job) return { ok: true, job };
  const check = await options.verifyBearer(authorization, AUDIENCES);
  return check.ok ? { ok: true, job: undefined } : check;
}

async function forward(
  request: FastifyRequest,
  reply: FastifyReply,
  options: TrackingFrontOptions,
  job: Job | undefined,
): Promise<FastifyReply> {
  const path = apiPath(request);
  if (!path) return refuse(reply, 404, 'ENDPOINT_NOT_FOUND', `${request.url} is no call of MLflow's REST API.`);
  try {
    const answer = await call(request, path, options);
    const named = withRunIds(answer.body, (runId) => options.runs.jobNameOf(runId));
    const body = withArtifactUris(named, (jobName) => options.artifactUri(jobName, job !== undefined));
    return reply.code(answer.status).type('application/json; charset=utf-8').send(body);
  } catch (error) {
    const message = `The tracking server does not answer: ${error instanceof Error ? error.message : String(error)}`;
    return refuse(reply.header('retry-after', RETRY_AFTER_SECONDS), 503, 'TEMPORARILY_UNAVAILABLE', message);
  }
}

/** Everything after the workspace, as sent; only the REST API is forwarded, not the pages. */
function apiPath(request: FastifyRequest): string | undefined {
  const [path = ''] = request.url.split('?');
  return /\/workspaces\/[^/]+\/+(api\/\d+\.\d+\/mlflow\/[\w/-]+)$/i.exec(path)?.[1];
}

async function call(request: FastifyRequest, path: string, options: TrackingFrontOptions) {
  const { runs, server } = options;
  const origin = await server.origin();
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  const inQuery = Object.fromEntries(query);
  const given = [...runIdsIn(request.body), ...runIdsIn(inQuery)];
  const ids = new Map(await Promise.all(given.map(async (name) => [name, await runs.runIdOf(name)] as const)));
  const rename = (name: string) => ids.get(name);
  for (const [name, value] of Object.entries(withRunIds(inQuery, rename) as Record<string, string>)) {
    if (inQuery[name] !== value) query.set(name, value);
  }
  const response = await fetch(`${origin}/${path}?${query}`, {
    method: request.method,
    signal: AbortSignal.timeout(FORWARD_LIMIT_MS),
    ...(request.body === undefined || request.method === 'GET'
      ? {}
      : { body: JSON.stringify(withRunIds(request.body, rename)), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send({ error_code: code, message });
}
