/** Makes a listener for each function that a Service Bus queue or subscription triggers. */
import type { ServiceBusClient, ServiceBusReceiver, ServiceBusSessionReceiver } from '@azure/service-bus';
import type { Clock } from '../../emulator/clock.ts';
import { findTrigger } from '../bindings/find-trigger.ts';
import type { Listener } from '../bindings/listener.ts';
import type { HostLog } from '../seams/host-log.ts';
import type { FunctionInvoker } from '../seams/invocation.ts';
import { requireConnection, SERVICE_BUS } from '../settings/connection.ts';
import type { Settings } from '../settings/local-settings.ts';
import type { ServiceBusSection } from '../settings/service-bus-section.ts';
import { createBatchListener } from './batch-listener.ts';
import type { DeliveryParts } from './deliver.ts';
import { describeEntity, type EntityName, type EntityTrigger, readEntityTrigger } from './entity-binding.ts';
import type { NamespaceClients } from './namespace-clients.ts';
import { OutageLog } from './outage-log.ts';
import { createSessionListener } from './session-listener.ts';
import { createSingleListener } from './single-listener.ts';

export interface ServiceBusListenerParts {
  readonly clients: NamespaceClients;
  readonly invoker: FunctionInvoker;
  readonly section: ServiceBusSection;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: HostLog;
}

export async function createServiceBusListeners(parts: ServiceBusListenerParts): Promise<readonly Listener[]> {
  const { clients, invoker, section, settings, log } = parts;
  const listeners: Listener[] = [];
  for (const { name: functionName, ...definition } of invoker.functions()) {
    const binding = findTrigger({ name: functionName, ...definition });
    if (binding?.type !== 'serviceBusTrigger') continue;
    const trigger = readEntityTrigger(functionName, binding);
    const use = { functionName, bindingType: binding.type, name: trigger.connection };
    const client = await clients.open(requireConnection(settings, SERVICE_BUS, use), use);
    const delivery = {
      functionName,
      isMany: trigger.isMany,
      isBinary: binding.dataType === 'binary',
      autoComplete: trigger.autoComplete ?? section.autoCompleteMessages,
      invoker,
      log,
    };
    listeners.push(createListener(parts, client, trigger, delivery));
  }
  return listeners;
}

function createListener(
  { section, clock }: ServiceBusListenerParts,
  client: ServiceBusClient,
  { entity, isMany, hasSessions }: EntityTrigger,
  delivery: DeliveryParts,
): Listener {
  const what = `Service Bus entity ${describeEntity(entity)} of function ${delivery.functionName}`;
  const outages = new OutageLog(what, delivery.log);
  const maxBatchSize = isMany ? section.maxMessageBatchSize : 1;
  if (hasSessions) {
    const accept = (signal: AbortSignal) => acceptSession(client, entity, section, signal);
    const { maxConcurrentSessions: maxSessions, sessionIdleMs: idleMs } = section;
    return createSessionListener({ ...delivery, accept, maxSessions, maxBatchSize, idleMs, outages, clock });
  }
  const receiver = openReceiver(client, entity, section);
  if (isMany) return createBatchListener({ ...delivery, receiver, maxBatchSize, outages, clock });
  return createSingleListener({ ...delivery, receiver, maxConcurrentCalls: section.maxConcurrentCalls, outages });
}

/** The function gets the text as it was sent, so the client must not parse it. */
function openReceiver(client: ServiceBusClient, entity: EntityName, section: ServiceBusSection): ServiceBusReceiver {
  const options = { skipParsingBodyAsJson: true, maxAutoLockRenewalDurationInMs: section.maxAutoLockRenewalMs };
  return entity.kind === 'queue'
    ? client.createReceiver(entity.queue, options)
    : client.createReceiver(entity.topic, entity.subscription, options);
}

function acceptSession(
  client: ServiceBusClient,
  entity: EntityName,
  section: ServiceBusSection,
  abortSignal: AbortSignal,
): Promise<ServiceBusSessionReceiver> {
  const maxAutoLockRenewalDurationInMs = section.maxAutoLockRenewalMs;
  const options = { skipParsingBodyAsJson: true, maxAutoLockRenewalDurationInMs, abortSignal };
  return entity.kind === 'queue'
    ? client.acceptNextSession(entity.queue, options)
    : client.acceptNextSession(entity.topic, entity.subscription, options);
}
