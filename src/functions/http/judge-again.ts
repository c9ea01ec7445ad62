/** POST /api/retrainings/{id}/commands/judge: judges the completed job of a retraining whose metrics could not be read in time. */
import type { HttpResponseInit } from '@azure/functions';
import { commandBody } from '../../contracts/http.ts';
import { RETRAINING_ORCHESTRATOR } from '../../contracts/names.ts';
import type { RetrainingRecord } from '../../domain/audit/retraining-record.ts';
import { isRetrained, type Policies } from '../../domain/policy/policies.ts';
import { judgeAgainOf } from '../../domain/retraining/judge-again.ts';
import { isRetrainingId } from '../../domain/retraining/names.ts';
import type { RetrainingState } from '../../domain/retraining/state.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';
import { authorize } from './authorize.ts';
import { readBody } from './read-body.ts';
import { json, problem } from './reply.ts';
import { unknownRetraining } from './retrainings.ts';
import type { ApiHandler, ApiPorts } from './rollouts.ts';

/** 202 with the id under which it is judged; asking again starts nothing (200). 409 where there is nothing to judge again. */
export function createJudgeAgain(ports: ApiPorts, policies: Policies): ApiHandler {
  return async (request, control) => {
    const caller = await authorize(request, 'operate', ports);
    if (!caller.ok) return caller.reply;
    const body = await readBody(request, commandBody);
    if (!body.ok) return body.reply;
    const judged = request.params.id ?? '';
    const trail = isRetrainingId(judged) ? await ports.audit.listRetraining(judged) : [];
    const [first] = trail;
    if (!first) return unknownRetraining(judged);
    const policy = policies.governing(first.endpoint, first.model);
    if (policy === null || !isRetrained(policy))
      return problem(404, 'NoPolicy', `No policy says how ${first.model} is retrained on ${first.endpoint}.`);
    const sentence = `${caller.subject} asked to judge the job of ${judged} again: ${body.value.reason}`;
    const nowIso = new Date(ports.clock.nowMs()).toISOString();
    const state = judgeAgainOf({ retrainingId: judged, policy, trail, sentence }, nowIso);
    return state ? await start(control, state) : nothingToJudge(judged, trail);
  };
}

async function start(control: OrchestrationControl, state: RetrainingState): Promise<HttpResponseInit> {
  const { retrainingId } = state;
  const started = await control.startOnce(RETRAINING_ORCHESTRATOR, retrainingId, state);
  return json(started ? 202 : 200, { retrainingId, started }, { location: `/api/retrainings/${retrainingId}` });
}

function nothingToJudge(judged: string, trail: readonly RetrainingRecord[]): HttpResponseInit {
  const phase = trail.at(-1)?.phase ?? 'requested';
  return problem(409, 'NothingToJudge', `${judged} is ${phase}; only one that is metrics-unreadable is judged again.`);
}
