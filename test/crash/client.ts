/** A client that repeats what was not acknowledged, whatever happens to the host in between. */
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 40;
const REQUEST_LIMIT_MS = 5_000;

export interface Status {
  readonly runtimeStatus: string;
  readonly output: unknown;
  readonly customStatus: unknown;
}

export class PersistentClient {
  readonly #address: () => string | undefined;
  readonly #deadlineMs: number;
  #lastAnswer = 'none';

  /** `address` tells where the host is served now, undefined while it is down. */
  constructor(address: () => string | undefined, deadlineMs: number) {
    this.#address = address;
    this.#deadlineMs = deadlineMs;
  }

  /** A start that is refused because it worked before counts as acknowledged. */
  async start(name: string, instanceId: string, input: unknown): Promise<void> {
    await this.#until(`the start of ${instanceId}`, async () => {
      const answer = await this.#request('POST', `orchestrators/${name}/${instanceId}`, input);
      return answer && (answer.status === 202 || answer.text.includes('already exists')) ? true : undefined;
    });
  }

  async raise(instanceId: string, eventName: string, content: unknown): Promise<void> {
    await this.#until(`the event ${eventName} of ${instanceId}`, async () => {
      const answer = await this.#request('POST', `instances/${instanceId}/raiseEvent/${eventName}`, content);
      // 410: an earlier attempt, whose answer was lost, has carried the instance to its end.
      return answer && (answer.status === 202 || answer.status === 410) ? true : undefined;
    });
  }

  async statusWhen(instanceId: string, fits: (status: Status) => boolean): Promise<Status> {
    return this.#until(`${instanceId} to get further`, async () => {
      const answer = await this.#request('GET', `instances/${instanceId}`);
      if (answer?.status !== 200 && answer?.status !== 202) return undefined;
      const status = JSON.parse(answer.text) as Status;
      return fits(status) ? status : undefined;
    });
  }

  async read(path: string): Promise<unknown> {
    return this.#until(path, async () => {
      const answer = await this.#request('GET', path);
      return answer?.status === 200 ? { value: JSON.parse(answer.text) } : undefined;
    }).then(({ value }) => value);
  }

  async #request(method: string, path: string, body?: unknown): Promise<{ status: number; text: string } | undefined> {
    const address = this.#address();
    if (address === undefined) return undefined;
    try {
      const response = await fetch(`${address}/runtime/webhooks/durabletask/${path}`, {
        method,
        signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await response.text();
      this.#lastAnswer = `${response.status} ${text}`;
      return { status: response.status, text };
    } catch (error) {
      this.#lastAnswer = String(error);
      return undefined;
    }
  }

  async #until<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const result = await attempt();
      if (result !== undefined) return result;
      if (Date.now() > this.#deadlineMs)
        throw new Error(`Waited in vain for ${what}. Last answer: ${this.#lastAnswer}`);
      await pause(POLL_MS);
    }
  }
}
