/** Makes the listeners for messages: storage queues, Service Bus. Code of kinds that the app lacks is not loaded. */
import type { Clock } from '../../emulator/clock.ts';
import { findTrigger } from '../bindings/find-trigger.ts';
import type { Listener } from '../bindings/listener.ts';
import type { HostLog } from '../seams/host-log.ts';
import type { FunctionInvoker } from '../seams/invocation.ts';
import type { NamespaceClients } from '../service-bus/namespace-clients.ts';
import type { HostJson } from '../settings/host-json.ts';
import type { Settings } from '../settings/local-settings.ts';

export interface ListenerParts {
  readonly invoker: FunctionInvoker;
  readonly hostJson: HostJson;
  readonly settings: Settings;
  readonly namespaces: NamespaceClients;
  readonly clock: Clock;
  readonly log: HostLog;
}

/** Fails with a StartFailure that names the function whose trigger cannot be served. */
export async function createMessageListeners(parts: ListenerParts): Promise<readonly Listener[]> {
  const { invoker, hostJson, settings, namespaces, clock, log } = parts;
  const types = new Set(invoker.functions().map((definition) => findTrigger(definition)?.type));
  const shared = { invoker, settings, clock, log };
  const listeners: Listener[] = [];
  if (types.has('queueTrigger')) {
    const { createQueueListeners } = await import('../storage-queues/create-queue-listeners.ts');
    listeners.push(...(await createQueueListeners({ ...shared, section: hostJson.queues })));
  }
  if (types.has('serviceBusTrigger')) {
    const { createServiceBusListeners } = await import('../service-bus/create-service-bus-listeners.ts');
    const section = hostJson.serviceBus;
    listeners.push(...(await createServiceBusListeners({ ...shared, section, clients: namespaces })));
  }
  return listeners;
}
