/** Routes of the metrics API under any resource id: values, definitions and namespaces. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BearerVerifier } from '../../emulator/bearer.ts';
import type { Clock } from '../../emulator/clock.ts';
import type { TrafficStore } from '../store/traffic-store.ts';
import { describeMetrics, describeNamespaces } from './describe-metrics.ts';
import { findResource, parseMetricsPath } from './metric-resource.ts';
import { MetricsProblem } from './metrics-problem.ts';
import { queryMetrics } from './query-metrics.ts';

const AUDIENCES = ['https://management.azure.com'];

export interface MetricsOptions {
  readonly store: TrafficStore;
  readonly clock: Clock;
  readonly grainMs: number;
  readonly delayMs: number;
  readonly verifyBearer: BearerVerifier;
}

export function registerMetricsRoutes(app: FastifyInstance, options: MetricsOptions): void {
  app.get('/*', async (request, reply) => {
    try {
      await admit(request, options.verifyBearer);
      return reply.send(answer(request, options));
    } catch (error) {
      if (!(error instanceof MetricsProblem)) throw error;
      return reply.code(error.status).send({ error: { code: error.code, message: error.message } });
    }
  });
}

async function admit(request: FastifyRequest, verify: BearerVerifier): Promise<void> {
  const { authorization } = request.headers;
  if (!authorization) {
    const message = "Authentication failed. The 'Authorization' header is missing.";
    throw new MetricsProblem(message, 401, 'AuthenticationFailed');
  }
  const check = await verify(authorization, AUDIENCES);
  if (!check.ok) throw new MetricsProblem(check.reason, 401, 'InvalidAuthenticationToken');
}

function answer(request: FastifyRequest, options: MetricsOptions): object {
  const path = parseMetricsPath(request.url);
  const resource = path && findResource(path.resourceId);
  if (!path || !resource) {
    const message = `No metrics exist at '${request.url.split('?', 1)[0]}': only online endpoints and their deployments have them here.`;
    throw new MetricsProblem(message, 404, 'ResourceNotFound');
  }
  const { store, clock, grainMs, delayMs } = options;
  switch (path.verb) {
    case 'metrics':
      return queryMetrics(resource, request.query, { store, grainMs, delayMs, nowMs: clock.nowMs() });
    case 'metricdefinitions':
      return describeMetrics(resource, grainMs);
    case 'metricnamespaces':
      return describeNamespaces(resource);
  }
}
