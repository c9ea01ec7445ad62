/** HTTP API of retrainings: start, list, read, abort. */
import type { HttpResponseInit } from '@azure/functions';
import { type GoneRetraining, recoverRetraining } from '../../commands/recover-retraining.ts';
import { startRetraining } from '../../commands/start-retraining.ts';
import { commandBody, startRetrainingBody } from '../../contracts/http.ts';
import type { Policies } from '../../domain/policy/policies.ts';
import { isRetrainingId } from '../../domain/retraining/names.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';
import { authorize } from './authorize.ts';
import { readBody } from './read-body.ts';
import { json, problem } from './reply.ts';
import type { ApiHandler, ApiPorts } from './rollouts.ts';

export interface RetrainingApiPorts extends ApiPorts {
  readonly newId: () => string;
}

const LIST_LIMIT = 100;
const LIST_MS = 7 * 86_400_000;

/** POST /api/retrainings: 202 with its id; asking again with the same key starts nothing (200). */
export function createStartRetraining(ports: RetrainingApiPorts, policies: Policies): ApiHandler {
  return async (request, control) => {
    const caller = await authorize(request, 'operate', ports);
    if (!caller.ok) return caller.reply;
    const body = await readBody(request, startRetrainingBody);
    if (!body.ok) return body.reply;
    const { model, endpoint, reason, key, ignoreCoolDown } = body.value;
    const meant = policies.retrainedMeantBy({ model, endpoint });
    if (meant.kind === 'none') return problem(404, 'NoPolicy', `No policy says how ${model} is retrained.`);
    if (meant.kind === 'several') {
      return problem(409, 'SeveralPolicies', `Several policies retrain ${model}: say which endpoint.`);
    }
    const sentence = `${caller.subject} asked for it: ${reason}`;
    const trigger = { kind: 'http', reference: key ?? ports.newId(), sentence } as const;
    const wish = { policy: meant.policy, trigger, nowMs: ports.clock.nowMs(), ignoreCoolDown };
    const started = await startRetraining(control, wish);
    if (!started) return problem(404, 'NoPolicy', `No policy says how ${model} is retrained.`);
    const location = `/api/retrainings/${started.retrainingId}`;
    return json(started.started ? 202 : 200, started, { location });
  };
}

/** GET /api/retrainings: the newest first, of the last seven days, at most 100. */
export function createListRetrainings(ports: ApiPorts): ApiHandler {
  return async (request, control) => {
    const caller = await authorize(request, 'read', ports);
    if (!caller.ok) return caller.reply;
    const views = await control.listRetrainings(ports.clock.nowMs() - LIST_MS, LIST_LIMIT);
    const known = views.filter(({ instanceId }) => isRetrainingId(instanceId));
    const retrainings = known.map(({ instanceId, ...rest }) => ({ retrainingId: instanceId, ...rest }));
    return json(200, { retrainings });
  };
}

/** GET /api/retrainings/{id}: its status and its audit trail. */
export function createGetRetraining(ports: ApiPorts): ApiHandler {
  return async (request, control) => {
    const caller = await authorize(request, 'read', ports);
    if (!caller.ok) return caller.reply;
    const retrainingId = request.params.id ?? '';
    if (!isRetrainingId(retrainingId)) return unknownRetraining(retrainingId);
    const [view, audit] = await Promise.all([control.view(retrainingId), ports.audit.listRetraining(retrainingId)]);
    if (view.status === 'absent' && audit.length === 0) return unknownRetraining(retrainingId);
    const { instanceId: _id, ...rest } = view;
    return json(200, { retrainingId, ...rest, audit });
  };
}

/**
 * POST /api/retrainings/{id}/commands/abort: 202; a job that runs is canceled before the retraining ends, also when the
 * orchestration was terminated. Asking again is harmless.
 */
export function createAbortRetraining(ports: ApiPorts, policies: Policies): ApiHandler {
  return async (request, control) => {
    const caller = await authorize(request, 'operate', ports);
    if (!caller.ok) return caller.reply;
    const body = await readBody(request, commandBody);
    if (!body.ok) return body.reply;
    const retrainingId = request.params.id ?? '';
    if (!isRetrainingId(retrainingId)) return unknownRetraining(retrainingId);
    const [first] = await ports.audit.listRetraining(retrainingId);
    const view = await control.view(retrainingId);
    if (view.status === 'absent' || !first) return unknownRetraining(retrainingId);
    const { endpoint, model } = first;
    if (view.status !== 'active') {
      const policy = policies.governing(endpoint, model);
      const gone = { retrainingId, status: view.status, actor: caller.subject };
      return policy ? endGone(ports, control, { ...gone, policy }) : alreadyEnded(retrainingId);
    }
    await control.abortRetraining(endpoint, model, { retrainingId, by: caller.subject, reason: body.value.reason });
    await control.wake(retrainingId);
    return json(202, { retrainingId, command: 'abort' });
  };
}

/** It ended properly, or it was terminated and still holds its model, with its job. */
async function endGone(
  ports: ApiPorts,
  control: OrchestrationControl,
  gone: GoneRetraining,
): Promise<HttpResponseInit> {
  const { retrainingId, policy } = gone;
  const coolDown = await control.readCoolDown(policy.endpoint, policy.model);
  if (coolDown?.holder !== retrainingId) return alreadyEnded(retrainingId);
  const start = await recoverRetraining(ports, control, gone);
  if (start.kind === 'given-up') return problem(409, 'NotRecovered', start.reason);
  return json(202, { retrainingId, command: 'abort' });
}

function alreadyEnded(id: string): HttpResponseInit {
  return problem(409, 'AlreadyEnded', `${id} has ended already.`);
}

export function unknownRetraining(id: string): HttpResponseInit {
  return problem(404, 'UnknownRetraining', `There is no retraining ${id.slice(0, 200)}.`);
}
