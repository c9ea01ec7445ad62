/** Does what a well-formed command of the queue asks for, through the same code as the HTTP API. */
import type { AnswerMessage, RolloutCommandMessage, StartMessage, SteerMessage } from '../contracts/rollout-command.ts';
import type { EventOutcome } from '../domain/audit/record.ts';
import type { EndpointName } from '../domain/ids/names.ts';
import type { Policies } from '../domain/policy/policies.ts';
import type { PostedCommand, RolloutCommand } from '../domain/rollout/command.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrchestrationControl } from '../ports/orchestration-control.ts';
import type { Tokens } from '../ports/tokens.ts';
import { findRollout } from './find-rollout.ts';
import { refuseAnswer, rolloutOfApproval } from './refuse-answer.ts';
import { requestRollout } from './request-rollout.ts';
import { steerRollout } from './steer-rollout.ts';

export interface ObeyPorts {
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** Resolves after that time. */
  readonly pause: (ms: number) => Promise<void>;
}

/** A rollout that was started by the message before needs a moment to enter its lane; the session's order is kept meanwhile. */
const LANE_LOOKS = 30;
const LANE_LOOK_MS = 500;

/** Throws when the rollout is not in its lane in time: the message comes again. */
export async function obeyCommand(
  ports: ObeyPorts,
  policies: Policies,
  control: OrchestrationControl,
  message: RolloutCommandMessage,
): Promise<EventOutcome> {
  if (message.command === 'start') return start(ports, policies, control, message);
  return 'approvalId' in message ? answer(ports, control, message) : steer(ports, control, message);
}

async function start(
  { clock }: ObeyPorts,
  policies: Policies,
  control: OrchestrationControl,
  message: StartMessage,
): Promise<EventOutcome> {
  const cause = { kind: 'command', reference: `${message.id} by ${message.by}` } as const;
  const asked = await requestRollout(control, policies, message, { cause, nowMs: clock.nowMs() });
  if (!asked.ok) return refused(asked.code, asked.reason);
  const { rolloutId, started } = asked;
  return started
    ? { outcome: 'started', code: 'started', reason: `Started ${rolloutId}.`, rolloutId }
    : { outcome: 'duplicate', code: 'already-started', reason: `${rolloutId} was started before.`, rolloutId };
}

async function steer(ports: ObeyPorts, control: OrchestrationControl, message: SteerMessage): Promise<EventOutcome> {
  const endpoint = message.endpoint as EndpointName;
  const command: RolloutCommand = { type: message.command, by: `${message.by} (queue)`, reason: message.reason };
  const rolloutId = await eventually(ports, () => findRollout(control, endpoint, message));
  if (rolloutId === null) return refused('NothingToSteer', `No rollout is running on endpoint ${endpoint}.`);
  return post(ports, control, endpoint, { id: message.id, rolloutId, command });
}

async function answer(ports: ObeyPorts, control: OrchestrationControl, message: AnswerMessage): Promise<EventOutcome> {
  const { approvalId, token, reason, command: type } = message;
  const refusal = await refuseAnswer(ports, { approvalId, answer: type, token });
  if (refusal) return refused(refusal.code, refusal.reason);
  const posted = {
    id: message.id,
    rolloutId: rolloutOfApproval(approvalId),
    command: { type, approvalId, token, reason },
  };
  return post(ports, control, message.endpoint as EndpointName, posted);
}

async function post(
  ports: ObeyPorts,
  control: OrchestrationControl,
  endpoint: EndpointName,
  command: Omit<PostedCommand, 'receivedAtIso'>,
): Promise<EventOutcome> {
  const { rolloutId } = command;
  const posted = { ...command, receivedAtIso: new Date(ports.clock.nowMs()).toISOString() };
  const done = await eventually(ports, async () => {
    const steered = await steerRollout(control, posted, endpoint);
    return steered.kind === 'not-in-lane' ? null : steered;
  });
  if (done === null)
    throw new Error(`${rolloutId} has not entered the lane of ${endpoint} yet; the command comes again.`);
  if (done.kind === 'posted') {
    return {
      outcome: 'delivered',
      code: 'delivered',
      reason: `Told ${rolloutId} to ${command.command.type}.`,
      rolloutId,
    };
  }
  return { ...refused(CODES[done.kind], done.reason), rolloutId };
}

const CODES = { unknown: 'UnknownRollout', ended: 'AlreadyEnded', elsewhere: 'OtherEndpoint' } as const;

async function eventually<Value>({ pause }: ObeyPorts, read: () => Promise<Value | null>): Promise<Value | null> {
  for (let look = 1; look < LANE_LOOKS; look += 1) {
    const value = await read();
    if (value !== null) return value;
    await pause(LANE_LOOK_MS);
  }
  return read();
}

function refused(code: string, reason: string): EventOutcome {
  return { outcome: 'refused', code, reason, rolloutId: null };
}
