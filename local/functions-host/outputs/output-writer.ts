/**
 * Sends what functions give to their output bindings.
 *
 * 1. Outputs are sent after the function has succeeded and belong to its run: when one cannot be sent, the run has failed.
 * 2. The bindings are checked at the start, so that a missing connection shows before the first run.
 */
import { z } from 'zod';
import { toMessages } from '../bindings/message-values.ts';
import type { OutputSink } from '../bindings/output-sink.ts';
import type { Binding, FunctionDefinition, InvocationOutcome } from '../seams/invocation.ts';
import { messageOf } from '../seams/start-failure.ts';
import { readEntityOutput } from '../service-bus/entity-binding.ts';
import type { NamespaceClients } from '../service-bus/namespace-clients.ts';
import { createServiceBusOutput } from '../service-bus/service-bus-output.ts';
import type { Settings } from '../settings/local-settings.ts';
import type { QueuesSection } from '../settings/queues-section.ts';
import { readQueueBinding } from '../storage-queues/queue-binding.ts';
import { QueueClients } from '../storage-queues/queue-clients.ts';
import { createQueueOutput } from '../storage-queues/queue-output.ts';
import { readEventGridTopic } from './event-grid-binding.ts';
import { createEventGridOutput } from './event-grid-output.ts';

export const MESSAGE_OUTPUTS = ['queue', 'serviceBus', 'eventGrid'];

export interface OutputParts {
  readonly settings: Settings;
  readonly queues: QueuesSection;
  readonly namespaces: NamespaceClients;
}

/** Rejects with the binding and the reason when an output cannot be sent. */
export type OutputWriter = (
  definition: FunctionDefinition,
  outcome: Extract<InvocationOutcome, { ok: true }>,
) => Promise<void>;

interface Output {
  readonly key: string;
  readonly type: string;
  readonly send: OutputSink;
}

/** Fails with a StartFailure that names the function. */
export async function createOutputWriter(
  definitions: readonly FunctionDefinition[],
  parts: OutputParts,
): Promise<OutputWriter> {
  const clients = new QueueClients();
  const byFunction = new Map<string, readonly Output[]>();
  for (const { name, bindings } of definitions) {
    const messageBindings = Object.entries(bindings).filter(([, binding]) => isMessageOutput(binding));
    const outputs: Output[] = [];
    for (const [key, binding] of messageBindings) {
      outputs.push({ key, type: binding.type, send: await openSink(name, binding, parts, clients) });
    }
    if (outputs.length > 0) byFunction.set(name, outputs);
  }
  return async (definition, outcome) => {
    for (const output of byFunction.get(definition.name) ?? []) await write(output, outcome);
  };
}

function isMessageOutput({ type, direction }: Binding): boolean {
  return direction === 'out' && MESSAGE_OUTPUTS.includes(type);
}

async function openSink(
  functionName: string,
  binding: Binding,
  { settings, queues, namespaces }: OutputParts,
  clients: QueueClients,
): Promise<OutputSink> {
  if (binding.type === 'eventGrid') return createEventGridOutput(readEventGridTopic(functionName, binding, settings));
  const useOf = (name: string | undefined) => ({ functionName, bindingType: binding.type, name });
  if (binding.type === 'serviceBus') {
    const entity = readEntityOutput(functionName, binding);
    return createServiceBusOutput(namespaces, settings, entity, useOf(entity.connection));
  }
  const queue = readQueueBinding(functionName, binding);
  return createQueueOutput(clients, settings, queues.messageEncoding, queue, useOf(queue.connection));
}

async function write(output: Output, outcome: Extract<InvocationOutcome, { ok: true }>): Promise<void> {
  const data = output.key === '$return' ? outcome.returnValue : outcome.outputs[output.key];
  const messages = toMessages(data);
  if (messages.length === 0) return;
  try {
    await output.send(messages);
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    throw new Error(`The output to binding ${output.key} (${output.type}) could not be sent: ${reason}`, { cause });
  }
}
