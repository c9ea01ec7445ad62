/** POST /api/rollouts/{id}/commands/{abort|pause|resume|promote}: puts the command into the lane's inbox and wakes the rollout. */

import { steerRollout } from '../../commands/steer-rollout.ts';
import { commandBody, OPERATOR_COMMANDS, type OperatorCommand } from '../../contracts/http.ts';
import type { RolloutCommand } from '../../domain/rollout/command.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';
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
  const id = ports.newId();
  const receivedAtIso = new Date(ports.clock.nowMs()).toISOString();
  const answer = await steerRollout(control, { id, rolloutId, receivedAtIso, command });
  switch (answer.kind) {
    case 'posted':
      return json(202, { rolloutId, commandId: id, command: command.type });
    case 'unknown':
      return unknownRollout(rolloutId);
    case 'ended':
      return problem(409, 'AlreadyEnded', answer.reason);
    case 'elsewhere':
    case 'not-in-lane':
      return problem(409, 'NotInLane', answer.reason, undefined, RETRY);
  }
}

function isOperatorCommand(text: string): text is OperatorCommand {
  return (OPERATOR_COMMANDS as readonly string[]).includes(text);
}
