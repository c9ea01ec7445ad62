/**
 * The RunMetrics port over MLflow's REST API behind the workspace's tracking address; the run of a job has the job's name as
 * its id. Shapes: MLflow documentation, "REST API", Get Run; a run's history of values is not read.
 */
import type { TokenCredential } from '@azure/core-auth';
import { z } from 'zod';
import type { RunMetrics, RunReading } from '../../ports/run-metrics.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { exchange } from '../calls/exchange.ts';
import { allowedTrackingUrl } from './tracking-address.ts';

/** The audience that azureml-mlflow asks for. */
const SCOPE = 'https://management.azure.com/.default';
const CALL_TIMEOUT_MS = 20_000;
const MAX_REPLY_BYTES = 4 * 1024 * 1024;

const runSchema = z.looseObject({
  run: z.looseObject({
    data: z
      .looseObject({
        /** Protocol buffers write numbers that JSON lacks as texts. */
        metrics: z.array(z.looseObject({ key: z.string(), value: z.union([z.number(), z.string()]) })).nullish(),
        tags: z.array(z.looseObject({ key: z.string(), value: z.string() })).nullish(),
      })
      .nullish(),
  }),
});

const errorSchema = z.looseObject({ error_code: z.string(), message: z.string().nullish() });

export function createRunMetrics(
  workspace: Workspace,
  allowedHosts: readonly string[],
  credential: TokenCredential,
): RunMetrics {
  let address: string | null = null;
  return {
    async readRun(jobName) {
      address ??= await trackingAddress(workspace, allowedHosts);
      const token = await credential.getToken(SCOPE);
      if (!token) throw new Error('The app got no token for the tracking server.');
      const url = `${address}/api/2.0/mlflow/runs/get?${new URLSearchParams({ run_id: jobName })}`;
      const reply = await getJson(url, token.token);
      if (reply.status === 200) return readingOf(reply.body);
      const error = errorSchema.safeParse(reply.body);
      if (error.data?.error_code === 'RESOURCE_DOES_NOT_EXIST') return null;
      const why = error.data ? `${error.data.error_code}: ${error.data.message ?? ''}`.slice(0, 500) : 'no explanation';
      throw new Error(`The tracking server answered HTTP ${reply.status} for the run of job ${jobName}: ${why}`);
    },
  };
}

/** Throws when the host cannot be reached, is late, or says too much; the body is null where it is no JSON. */
async function getJson(url: string, bearer: string) {
  const reply = await exchange({
    method: 'GET',
    url,
    headers: { authorization: `Bearer ${bearer}` },
    timeoutMs: CALL_TIMEOUT_MS,
    maxReplyBytes: MAX_REPLY_BYTES,
  });
  if (reply.kind === 'late') throw new Error(`${new URL(url).host} gave no answer within ${CALL_TIMEOUT_MS} ms.`);
  if (reply.kind === 'too-large') throw new Error(`The reply is larger than ${MAX_REPLY_BYTES} bytes.`);
  return { status: reply.status, body: reply.json ?? null };
}

async function trackingAddress(workspace: Workspace, allowedHosts: readonly string[]): Promise<string> {
  const view = await workspace.read();
  const uri = view?.trackingUri ?? '';
  const address = allowedTrackingUrl(uri, allowedHosts);
  if (address) return address;
  throw new Error(
    `The workspace's tracking server is at "${uri.slice(0, 200)}", which this app may not call: only Azure ML's own hosts and those in SLIPWAY_ALLOWED_HOSTS.`,
  );
}

function readingOf(body: unknown): RunReading {
  const { data } = runSchema.parse(body).run;
  const metrics = (data?.metrics ?? []).map(({ key, value }) => [key, Number(value)] as const);
  const tags = (data?.tags ?? []).map(({ key, value }) => [key, value] as const);
  return {
    metrics: Object.fromEntries(metrics.filter(([, value]) => Number.isFinite(value))),
    tags: Object.fromEntries(tags),
  };
}
