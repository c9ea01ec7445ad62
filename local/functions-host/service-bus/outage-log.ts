/** Says once that an entity cannot be received from, and once that it can again, not at each attempt. */
import type { HostLog } from '../seams/host-log.ts';
import { messageOf } from '../seams/start-failure.ts';

export class OutageLog {
  readonly #what: string;
  readonly #log: HostLog;
  #reported: string | undefined;

  /** `what`: `Service Bus entity <path> of function <name>`. */
  constructor(what: string, log: HostLog) {
    this.#what = what;
    this.#log = log;
  }

  failed(error: unknown): void {
    const reason = messageOf(error).replace(/\.+$/, '');
    if (this.#reported === reason) return;
    this.#reported = reason;
    this.#log('warning', `${this.#what} cannot be received from: ${reason}. The host goes on trying.`);
  }

  worked(): void {
    if (this.#reported === undefined) return;
    this.#reported = undefined;
    this.#log('information', `${this.#what} can be received from again.`);
  }
}
