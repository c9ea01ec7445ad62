/** Makes a listener for each function that a storage queue triggers. */
import type { Clock } from '../../emulator/clock.ts';
import { findTrigger } from '../bindings/find-trigger.ts';
import type { Listener } from '../bindings/listener.ts';
import type { HostLog } from '../seams/host-log.ts';
import type { FunctionInvoker } from '../seams/invocation.ts';
import { requireConnection, STORAGE_QUEUES } from '../settings/connection.ts';
import type { Settings } from '../settings/local-settings.ts';
import type { QueuesSection } from '../settings/queues-section.ts';
import { readQueueBinding } from './queue-binding.ts';
import { QueueClients } from './queue-clients.ts';
import { QueueListener } from './queue-listener.ts';

export interface QueueListenerParts {
  readonly invoker: FunctionInvoker;
  readonly section: QueuesSection;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: HostLog;
}

export async function createQueueListeners(parts: QueueListenerParts): Promise<readonly Listener[]> {
  const { invoker, section, settings, clock, log } = parts;
  const clients = new QueueClients();
  const listeners: Listener[] = [];
  for (const definition of invoker.functions()) {
    const trigger = findTrigger(definition);
    if (trigger?.type !== 'queueTrigger') continue;
    const functionName = definition.name;
    const { queueName, connection: name } = readQueueBinding(functionName, trigger);
    const use = { functionName, bindingType: trigger.type, name };
    const connection = requireConnection(settings, STORAGE_QUEUES, use);
    const queue = await clients.open(connection, queueName, use);
    const poison = await clients.open(connection, `${queueName}-poison`, use);
    listeners.push(new QueueListener({ functionName, queue, poison, section, invoker, clock, log }));
  }
  return listeners;
}
