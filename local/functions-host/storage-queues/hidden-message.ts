/** Keeps a message hidden from other readers for as long as its function runs. */
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { Cancel, Clock } from '../../emulator/clock.ts';
import type { HostLog } from '../seams/host-log.ts';
import { messageOf } from '../seams/start-failure.ts';

/** Functions documentation, "Azure Queue storage trigger", polling algorithm. */
export const HIDDEN_MS = 600_000;

export class HiddenMessage {
  readonly #queue: Pick<QueueClient, 'updateMessage'>;
  readonly #message: DequeuedMessageItem;
  readonly #clock: Clock;
  readonly #log: HostLog;
  #receipt: string;
  #cancel: Cancel;
  #renewal: Promise<void> = Promise.resolve();

  constructor(queue: Pick<QueueClient, 'updateMessage'>, message: DequeuedMessageItem, clock: Clock, log: HostLog) {
    this.#queue = queue;
    this.#message = message;
    this.#clock = clock;
    this.#log = log;
    this.#receipt = message.popReceipt;
    this.#cancel = this.#renewLater();
  }

  /** Ends the renewals. The receipt with which the message can be deleted or shown again. */
  async release(): Promise<string> {
    this.#cancel();
    await this.#renewal;
    this.#cancel();
    return this.#receipt;
  }

  #renewLater(): Cancel {
    return this.#clock.after(HIDDEN_MS / 2, () => {
      this.#renewal = this.#renew();
    });
  }

  async #renew(): Promise<void> {
    const { messageId } = this.#message;
    try {
      const renewed = await this.#queue.updateMessage(messageId, this.#receipt, undefined, HIDDEN_MS / 1000);
      this.#receipt = renewed.popReceipt ?? this.#receipt;
    } catch (error) {
      this.#log('warning', `Message ${messageId} could not be kept hidden: ${messageOf(error)}. It may run twice.`);
    }
    this.#cancel = this.#renewLater();
  }
}
