/** Runs a function for as many messages at once as are there; one batch after another. */
import type { ServiceBusReceiver } from '@azure/service-bus';
import { type Clock, sleep } from '../../emulator/clock.ts';
import type { Listener } from '../bindings/listener.ts';
import { type DeliveryParts, deliver } from './deliver.ts';
import type { OutageLog } from './outage-log.ts';

/** How long one look waits for a first message; the client then gathers what comes within a second. */
const LOOK_MS = 60_000;
const PAUSE_AFTER_FAILURE_MS = 1000;

export interface BatchListenerOptions extends DeliveryParts {
  readonly receiver: Pick<ServiceBusReceiver, 'receiveMessages' | 'close' | 'completeMessage' | 'abandonMessage'>;
  readonly maxBatchSize: number;
  readonly outages: OutageLog;
  readonly clock: Clock;
}

export function createBatchListener(options: BatchListenerOptions): Listener {
  const { functionName, receiver, clock, outages, maxBatchSize } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const runOnce = async () => {
    try {
      const messages = await receiver.receiveMessages(maxBatchSize, { maxWaitTimeInMs: LOOK_MS, abortSignal: signal });
      outages.worked();
      if (messages.length > 0) await deliver(options, receiver, messages, signal);
    } catch (error) {
      if (signal.aborted) return;
      outages.failed(error);
      await sleep(clock, PAUSE_AFTER_FAILURE_MS, signal).catch(() => undefined);
    }
  };
  const run = async () => {
    while (!signal.aborted) await runOnce();
  };
  let loop: Promise<void> = Promise.resolve();
  return {
    functionName,
    start() {
      loop = run();
    },
    async stop() {
      stopping.abort(new Error('The host is stopping.'));
      await loop;
      await receiver.close();
    },
  };
}
