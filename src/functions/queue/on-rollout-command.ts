/**
 * A message of queue `rollout-commands`: starts or steers a rollout, and records what became of it.
 *
 * 1. A command that was understood is answered and completed, also when it is refused: trying again would change nothing.
 * 2. A message that was not understood is recorded and fails, so that it ends in the dead-letter queue for its sender to see.
 * 3. Repeats are harmless: the queue drops most, instance ids and the lane's memory of command ids the rest.
 */

import { type ObeyPorts, obeyCommand } from '../../commands/obey-command.ts';
import { type MessageAddress, parseRolloutCommand } from '../../contracts/rollout-command.ts';
import type { EventOutcome } from '../../domain/audit/record.ts';
import { hashHex } from '../../domain/ids/names.ts';
import type { Policies } from '../../domain/policy/policies.ts';
import type { EventPublisher } from '../../ports/events.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';
import type { AuditLog } from '../../ports/records.ts';

export interface CommandQueuePorts extends ObeyPorts {
  readonly audit: AuditLog;
  readonly publisher: EventPublisher;
}

const COMMAND_TYPE = 'rollout-command';
const MAX_REASON = 2000;

export type CommandQueueHandler = (
  body: unknown,
  address: MessageAddress,
  control: OrchestrationControl,
) => Promise<EventOutcome>;

/** Throws on a message that is malformed, and when Azure cannot be reached. */
export function createOnRolloutCommand(ports: CommandQueuePorts, policies: Policies): CommandQueueHandler {
  return async (body, address, control) => {
    const parsed = parseRolloutCommand(body, address);
    if (!parsed.ok) return refuseMalformed(ports, body, address, parsed.problems);
    const { id, endpoint, command } = parsed.value;
    const outcome = await obeyCommand(ports, policies, control, parsed.value);
    const timeIso = isoNow(ports);
    await record(ports, `command.${endpoint}.${id}`, endpoint, outcome);
    await ports.publisher.publish({
      id: `command.${endpoint}.${id}`,
      type: 'Slipway.Command.Handled',
      subject: `commands/${endpoint}/${id}`,
      timeIso,
      data: { commandId: id, command, endpoint, ...outcome },
    });
    return outcome;
  };
}

async function refuseMalformed(
  ports: CommandQueuePorts,
  body: unknown,
  { messageId, sessionId }: MessageAddress,
  problems: readonly string[],
): Promise<never> {
  const reason = problems.join('; ').slice(0, MAX_REASON);
  const id = `malformed-command-${hashHex(`${sessionId} ${messageId} ${JSON.stringify(body ?? null)}`)}`;
  await record(ports, id, sessionId, { outcome: 'refused', code: 'malformed', reason, rolloutId: null });
  throw new Error(`Message ${messageId} of session ${sessionId} is no rollout command: ${reason}`);
}

async function record(
  ports: CommandQueuePorts,
  eventId: string,
  endpoint: string,
  outcome: EventOutcome,
): Promise<void> {
  const known = {
    eventId,
    atIso: isoNow(ports),
    type: COMMAND_TYPE,
    source: 'service-bus',
    subject: `commands/${endpoint}`,
  };
  await ports.audit.recordEvent({ ...known, ...outcome });
}

function isoNow({ clock }: CommandQueuePorts): string {
  return new Date(clock.nowMs()).toISOString();
}
