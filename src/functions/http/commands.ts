/** POST /api/rollouts/{id}/commands/{abort|pause|resume|promote}: puts the command into the lane's inbox and wakes the rollout. */
import { commandBody, OPERATOR_COMMANDS, type OperatorCommand } from '../../contracts/http.ts';
import type { EndpointName } from '../../domain/ids/names.ts';
import type { LaneState } from '../../domain/lane/lane.ts';
import type { RolloutCommand } from '../../domain/rollout/command.ts';
import type { InstanceView, OrchestrationControl } from '../../ports/orchestration-control.ts';
import { authorize } from './authorize.ts';
import { readBody } from './read-body.ts';
import { json, problem } from './reply.ts';
import { type ApiHandler, type ApiPorts, unknownRollout } from './rollouts.ts';

const RETRY = { 'retry-after': '2' };

export interface CommandPorts extends ApiPorts {
  readonly newId: () => string;
}

export function createSteerRollout(ports: CommandPorts): ApiHandler {
  return async (request, control) => {
    const caller = await authorize(request, 'operate', ports);
    if (!caller.ok) return caller.reply;
    const type = request.params.command ?? '';
    if (!isOperatorCommand(type))
      return problem(404, 'UnknownCommand', `Commands are ${OPERATOR_COMMANDS.join(', ')}.`);
    const body = await readBody(request, commandBody);
    if (!body.ok) return body.reply;
    const rolloutId = request.params.id ?? '';
    const command: RolloutCommand = { type, by: caller.subject, reason: body.value.reason };
    return deliver(control, ports, rolloutId, command);
  };
}

/** 202 once the lane has it; 404 unknown, 409 when the rollout has ended or is not in its lane yet. */
export async function deliver(
  control: OrchestrationControl,
  ports: CommandPorts,
  rolloutId: string,
  command: RolloutCommand,
) {
  const view = await control.view(rolloutId);
  if (view.status === 'absent') return unknownRollout(rolloutId);
  if (view.status !== 'active') return problem(409, 'AlreadyEnded', `${rolloutId} has ended (${view.status}).`);
  const endpoint = endpointOf(view);
  const lane = endpoint && (await control.readLane(endpoint));
  if (!endpoint || !lane || !isInLane(lane, rolloutId)) {
    return problem(409, 'NotInLane', `${rolloutId} has not entered its lane yet; try again.`, undefined, RETRY);
  }
  const id = ports.newId();
  const receivedAtIso = new Date(ports.clock.nowMs()).toISOString();
  await control.postCommand(endpoint, { id, rolloutId, receivedAtIso, command });
  await control.wake(rolloutId);
  return json(202, { rolloutId, commandId: id, command: command.type });
}

function isOperatorCommand(text: string): text is OperatorCommand {
  return (OPERATOR_COMMANDS as readonly string[]).includes(text);
}

function endpointOf(view: InstanceView): EndpointName | null {
  const status = view.customStatus;
  return typeof status === 'object' && status !== null && 'endpoint' in status
    ? (String(status.endpoint) as EndpointName)
    : null;
}

function isInLane(lane: LaneState, rolloutId: string): boolean {
  return lane.holder?.rolloutId === rolloutId || lane.waiting.some((claim) => claim.rolloutId === rolloutId);
}
