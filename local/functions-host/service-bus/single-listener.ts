/** Runs a function once per message of a queue or subscription without sessions, many at once. */
import type { MessageHandlers, ServiceBusReceiver } from '@azure/service-bus';
import type { Listener } from '../triggers/listener.ts';
import { type DeliveryParts, deliver } from './deliver.ts';
import type { OutageLog } from './outage-log.ts';

export interface SingleListenerOptions extends DeliveryParts {
  readonly receiver: Pick<ServiceBusReceiver, 'subscribe' | 'close' | 'completeMessage' | 'abandonMessage'>;
  readonly maxConcurrentCalls: number;
  readonly outages: OutageLog;
}

export function createSingleListener(options: SingleListenerOptions): Listener {
  const { functionName, receiver, maxConcurrentCalls, outages } = options;
  const running = new Set<Promise<void>>();
  const handlers: MessageHandlers = {
    processMessage(message) {
      outages.worked();
      const task = deliver(options, receiver, [message]).finally(() => running.delete(task));
      running.add(task);
      return task;
    },
    async processError({ error }) {
      outages.failed(error);
    },
  };
  let subscription: { close(): Promise<void> } | undefined;
  return {
    functionName,
    start() {
      subscription = receiver.subscribe(handlers, { autoCompleteMessages: false, maxConcurrentCalls });
    },
    async stop() {
      await subscription?.close();
      await Promise.all(running);
      await receiver.close();
    },
  };
}
