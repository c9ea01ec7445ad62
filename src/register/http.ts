/** Registers the routes of the HTTP API; each checks its own signed token, so the platform's function keys are not asked for. */
import { app as functions, type HttpMethod } from '@azure/functions';
import * as df from 'durable-functions';
import { createOrchestrationControl } from '../adapters/durable/orchestration-control.ts';
import type { App } from '../compose.ts';
import type { ApiFunctions } from '../functions/http/create-http-functions.ts';

const ROUTES: Readonly<Record<keyof ApiFunctions, readonly [HttpMethod, string]>> = {
  startRollout: ['POST', 'rollouts'],
  listRollouts: ['GET', 'rollouts'],
  getRollout: ['GET', 'rollouts/{id}'],
  retryRollout: ['POST', 'rollouts/{id}/retry'],
  steerRollout: ['POST', 'rollouts/{id}/commands/{command}'],
  startRetraining: ['POST', 'retrainings'],
  listRetrainings: ['GET', 'retrainings'],
  getRetraining: ['GET', 'retrainings/{id}'],
  judgeAgain: ['POST', 'retrainings/{id}/commands/judge'],
  abortRetraining: ['POST', 'retrainings/{id}/commands/abort'],
  showApproval: ['GET', 'approvals/{approvalId}'],
  answerApproval: ['POST', 'approvals/{approvalId}'],
};

const ALERTS_ROUTE = 'alerts/latency';

export function registerHttp({ http: { api, takeLatencyAlert } }: App): void {
  for (const name of Object.keys(ROUTES) as (keyof ApiFunctions)[]) {
    const [method, route] = ROUTES[name];
    functions.http(name, {
      methods: [method],
      route,
      authLevel: 'anonymous',
      extraInputs: [df.input.durableClient()],
      handler: (request, context) => api[name](request, createOrchestrationControl(df.getClient(context))),
    });
  }
  if (takeLatencyAlert === null) return;
  functions.http('takeLatencyAlert', {
    methods: ['POST'],
    route: ALERTS_ROUTE,
    authLevel: 'anonymous',
    handler: (request, context) => takeLatencyAlert(request, (text) => context.warn(text)),
  });
}
