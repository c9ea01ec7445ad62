/** HTTP API of rollouts: start, list, read, retry. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { requestRollout } from '../../commands/request-rollout.ts';
import { type RolloutRequest, startRollout } from '../../commands/start-rollout.ts';
import { startRolloutBody } from '../../contracts/http.ts';
import type { ModelVersion } from '../../domain/ids/names.ts';
import type { Policies } from '../../domain/policy/policies.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';
import type { AuditLog } from '../../ports/records.ts';
import type { Tokens } from '../../ports/tokens.ts';
import { authorize } from './authorize.ts';
import { readBody } from './read-body.ts';
import { json, problem } from './reply.ts';

export interface ApiPorts {
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly audit: AuditLog;
}

export type ApiHandler = (request: HttpRequest, control: OrchestrationControl) => Promise<HttpResponseInit>;

const LIST_LIMIT = 100;
const LIST_MS = 7 * 86_400_000;
const MAX_ATTEMPTS = 50;

/** POST /api/rollouts: 202 with the rollout's id, 200 when it was started before, 404 when no policy names the model. */
export function createStartRollout(ports: ApiPorts, policies: Policies): ApiHandler {
  return async (request, control) => {
    const caller = await authorize(request, 'operate', ports);
    if (!caller.ok) return caller.reply;
    const body = await readBody(request, startRolloutBody);
    if (!body.ok) return body.reply;
    const cause = { kind: 'http', reference: caller.subject } as const;
    const answer = await requestRollout(control, policies, body.value, { cause, nowMs: ports.clock.nowMs() });
    if (!answer.ok) return problem(answer.code === 'NoPolicy' ? 404 : 409, answer.code, answer.reason);
    const { rolloutId, started } = answer;
    return json(started ? 202 : 200, { rolloutId, started }, { location: `/api/rollouts/${rolloutId}` });
  };
}

/** GET /api/rollouts: the newest first, of the last seven days, at most 100. */
export function createListRollouts(ports: ApiPorts): ApiHandler {
  return async (request, control) => {
    const caller = await authorize(request, 'read', ports);
    if (!caller.ok) return caller.reply;
    const rollouts = await control.listRollouts(ports.clock.nowMs() - LIST_MS, LIST_LIMIT);
    return json(200, { rollouts: rollouts.map((view) => ({ rolloutId: view.instanceId, ...withoutId(view) })) });
  };
}

/** GET /api/rollouts/{id}: its status and its audit trail. */
export function createGetRollout(ports: ApiPorts): ApiHandler {
  return async (request, control) => {
    const caller = await authorize(request, 'read', ports);
    if (!caller.ok) return caller.reply;
    const rolloutId = request.params.id ?? '';
    const [view, audit] = await Promise.all([control.view(rolloutId), ports.audit.listRollout(rolloutId)]);
    if (view.status === 'absent' && audit.length === 0) return unknownRollout(rolloutId);
    return json(200, { rolloutId, ...withoutId(view), audit });
  };
}

/** POST /api/rollouts/{id}/retry: a new attempt for the version of a finished rollout. */
export function createRetryRollout(ports: ApiPorts, policies: Policies): ApiHandler {
  return async (request, control) => {
    const caller = await authorize(request, 'operate', ports);
    if (!caller.ok) return caller.reply;
    const rolloutId = request.params.id ?? '';
    const view = await control.view(rolloutId);
    if (view.status === 'active') return problem(409, 'StillRunning', `${rolloutId} has not ended; abort it first.`);
    const [first] = await ports.audit.listRollout(rolloutId);
    if (!first) return unknownRollout(rolloutId);
    const policy = policies.governing(first.endpoint, first.model);
    if (!policy)
      return problem(404, 'NoPolicy', `No policy names model ${first.model} and endpoint ${first.endpoint} any more.`);
    const cause = { kind: 'retry', reference: caller.subject } as const;
    const nowMs = ports.clock.nowMs();
    return startNextAttempt(control, {
      policy,
      version: first.version as ModelVersion,
      attempt: first.attempt + 1,
      cause,
      nowMs,
    });
  };
}

/** Takes the first attempt number that was never used, unless one of them is still running. */
async function startNextAttempt(control: OrchestrationControl, request: RolloutRequest): Promise<HttpResponseInit> {
  for (let attempt = request.attempt; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const result = await startRollout(control, { ...request, attempt });
    if (result.started) return json(202, result, { location: `/api/rollouts/${result.rolloutId}` });
    const other = await control.view(result.rolloutId);
    if (other.status === 'active') return problem(409, 'StillRunning', `${result.rolloutId} is running already.`);
  }
  return problem(
    409,
    'TooManyAttempts',
    `Version ${request.version} had ${MAX_ATTEMPTS} attempts; register a new version.`,
  );
}

export function unknownRollout(rolloutId: string): HttpResponseInit {
  return problem(404, 'UnknownRollout', `There is no rollout ${rolloutId.slice(0, 200)}.`);
}

function withoutId<View extends { readonly instanceId: string }>({ instanceId: _id, ...rest }: View) {
  return rest;
}
