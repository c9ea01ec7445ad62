/** Registers the function of the Service Bus queue, only where a namespace is configured: the host refuses a trigger without it. */
import * as df from 'durable-functions';
import { createOrchestrationControl } from '../adapters/durable/orchestration-control.ts';
import type { App } from '../compose.ts';
import { SERVICE_BUS_CONNECTION } from '../config/service-bus-setting.ts';
import { ROLLOUT_COMMANDS_QUEUE } from '../contracts/rollout-command.ts';

export function registerBus({ queue: { onRolloutCommand } }: App): void {
  if (onRolloutCommand === null) return;
  df.app.client.serviceBusQueue('onRolloutCommand', {
    queueName: ROLLOUT_COMMANDS_QUEUE,
    connection: SERVICE_BUS_CONNECTION,
    isSessionsEnabled: true,
    async handler(message, client, context) {
      const { messageId, sessionId } = context.triggerMetadata ?? {};
      const address = { messageId: String(messageId), sessionId: String(sessionId) };
      const { outcome, reason } = await onRolloutCommand(message, address, createOrchestrationControl(client));
      context.log(`${outcome}: ${reason}`);
    },
  });
}
