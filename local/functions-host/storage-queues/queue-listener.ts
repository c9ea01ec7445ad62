/**
 * Runs one function for the messages of one storage queue.
 *
 * 1. A message is deleted only after its function succeeded; a host that dies leaves it to become visible again.
 * 2. At most `batchSize + newBatchThreshold` messages run at once.
 * 3. An empty or missing queue is looked at less and less often, down to once per `maxPollingInterval`.
 * 4. After `stop` nothing new is taken; what runs is waited for.
 * (Functions documentation, "Azure Queue storage trigger".)
 */
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import { type Clock, sleep } from '../../emulator/clock.ts';
import type { Listener } from '../bindings/listener.ts';
import type { HostLog } from '../seams/host-log.ts';
import type { FunctionInvoker } from '../seams/invocation.ts';
import { messageOf } from '../seams/start-failure.ts';
import type { QueuesSection } from '../settings/queues-section.ts';
import { HIDDEN_MS, HiddenMessage } from './hidden-message.ts';
import { decodeMessage } from './message-text.ts';
import { isMissingQueue } from './queue-clients.ts';
import { toQueueInvocation } from './queue-invocation.ts';
import { isWornOut, settleFailure, settleSuccess } from './settle-message.ts';

const SHORTEST_WAIT_MS = 100;

export interface QueueListenerOptions {
  readonly functionName: string;
  readonly queue: Pick<QueueClient, 'name' | 'receiveMessages' | 'deleteMessage' | 'updateMessage'>;
  readonly poison: Pick<QueueClient, 'name' | 'createIfNotExists' | 'sendMessage'>;
  readonly section: QueuesSection;
  readonly invoker: FunctionInvoker;
  readonly clock: Clock;
  readonly log: HostLog;
}

export class QueueListener implements Listener {
  readonly functionName: string;
  readonly #options: QueueListenerOptions;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #loop: Promise<void> = Promise.resolve();
  #isReachable = true;

  constructor(options: QueueListenerOptions) {
    this.functionName = options.functionName;
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The host is stopping.'));
    await this.#loop;
    await Promise.all(this.#running);
  }

  async #run(): Promise<void> {
    const { section } = this.#options;
    let waitMs = SHORTEST_WAIT_MS;
    while (!this.#stopping.signal.aborted) {
      const messages = await this.#receive();
      for (const message of messages) this.#track(this.#process(message));
      if (messages.length > 0) {
        waitMs = SHORTEST_WAIT_MS;
        await this.#untilRoom();
      } else {
        await this.#pause(waitMs);
        waitMs = Math.min(waitMs * 2, section.maxPollingIntervalMs);
      }
    }
  }

  async #receive(): Promise<readonly DequeuedMessageItem[]> {
    const { queue, section, log } = this.#options;
    try {
      const numberOfMessages = section.batchSize;
      const abortSignal = this.#stopping.signal;
      const visibilityTimeout = HIDDEN_MS / 1000;
      const { receivedMessageItems } = await queue.receiveMessages({
        numberOfMessages,
        visibilityTimeout,
        abortSignal,
      });
      this.#isReachable = true;
      return receivedMessageItems;
    } catch (error) {
      if (this.#isReachable && !isMissingQueue(error) && !this.#stopping.signal.aborted) {
        log('warning', `Queue ${queue.name} of function ${this.functionName} cannot be read: ${messageOf(error)}.`);
        this.#isReachable = false;
      }
      return [];
    }
  }

  #track(task: Promise<void>): void {
    this.#running.add(task);
    task.finally(() => this.#running.delete(task));
  }

  async #untilRoom(): Promise<void> {
    while (this.#running.size > this.#options.section.newBatchThreshold) await Promise.race(this.#running);
  }

  async #pause(waitMs: number): Promise<void> {
    // Rejects when the host stops, which ends the loop.
    await sleep(this.#options.clock, waitMs, this.#stopping.signal).catch(() => undefined);
  }

  /** Never rejects: a message that cannot be settled becomes visible again by itself. */
  async #process(message: DequeuedMessageItem): Promise<void> {
    const { queue, clock, log, section } = this.#options;
    const hidden = new HiddenMessage(queue, message, clock, log);
    try {
      const succeeded = !isWornOut(section, message) && (await this.#invoke(message));
      const settle = succeeded ? settleSuccess : settleFailure;
      await settle(this.#options, message, await hidden.release());
    } catch (error) {
      await hidden.release();
      log('warning', `Message ${message.messageId} of queue ${queue.name} was not settled: ${messageOf(error)}.`);
    }
  }

  async #invoke(message: DequeuedMessageItem): Promise<boolean> {
    const { section, invoker, log, queue } = this.#options;
    const text = decodeMessage(section.messageEncoding, message.messageText);
    if (text === undefined) {
      const what = `Message ${message.messageId} of queue ${queue.name} is not base64, which function ${this.functionName} expects.`;
      log('error', `${what} Send it encoded, or set extensions.queues.messageEncoding to "none" in host.json.`);
      return false;
    }
    return (await invoker.invoke(toQueueInvocation(this.functionName, text, message))).ok;
  }
}
