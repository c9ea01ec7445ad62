/** Runs a function once per message of a queue or subscription without sessions, many at once. */
import type { MessageHandlers, ServiceBusReceiver } from '@azure/service-bus';
import type { Listener } from '../bindings/listener.ts';
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
  const stopping = new AbortController();
  const handlers: MessageHandlers = {
    processMessage(message) {
      outages.worked();
      const task = deliver(options, receiver, [message], stopping.signal).finally(() => running.delete(task));
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
      const options = { autoCompleteMessages: false, maxConcurrentCalls, abortSignal: stopping.signal };
      subscription = receiver.subscribe(handlers, options);
    },
    async stop() {
      // Ends a link that is being opened again after a loss: the client's `close` would wait a minute for it.
      stopping.abort(new Error('The host is stopping.'));
      await subscription?.close();
      await Promise.all(running);
      await receiver.close();
    },
  };
}
