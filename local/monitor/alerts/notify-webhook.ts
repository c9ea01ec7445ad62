/**
 * Posts one alert to one webhook receiver as "Action groups" (Azure Monitor) tells: retried after 5, 20, 5, 40 and 5
 * seconds on 408, 429, 503, 504 and when there is no connection; a receiver that failed is then left alone for 15 minutes.
 */
import type { Clock } from '../../emulator/clock.ts';
import { sleep } from '../../emulator/clock.ts';
import type { WebhookClient } from '../../event-grid/webhook-client.ts';
import type { WebhookReceiver } from './action-group.ts';

const RETRY_SECONDS = [5, 20, 5, 40, 5];
const RETRIED = new Set([408, 429, 503, 504]);
const PAUSE_MS = 15 * 60_000;

export interface WebhookNotifierOptions {
  readonly clock: Clock;
  readonly client: WebhookClient;
  readonly issueToken: (audience: string) => Promise<{ readonly value: string }>;
  /** Shortens the pauses for quick demonstrations; 1 as in Azure. */
  readonly retryScale: number;
  readonly log: (line: string) => void;
}

export class WebhookNotifier {
  readonly #options: WebhookNotifierOptions;
  readonly #pausedUntilMs = new Map<string, number>();
  readonly #closing = new AbortController();

  constructor(options: WebhookNotifierOptions) {
    this.#options = options;
  }

  /** Never rejects; resolves when the receiver has it, or when it was given up. */
  async notify(receiver: WebhookReceiver, alert: object): Promise<void> {
    const { clock, retryScale, log } = this.#options;
    if (clock.nowMs() < (this.#pausedUntilMs.get(receiver.serviceUri) ?? 0)) {
      return log(`The webhook ${receiver.name} failed a short while ago: this alert is not sent.`);
    }
    let status = await this.#post(receiver, alert);
    for (const seconds of RETRY_SECONDS) {
      if (this.#closing.signal.aborted) return;
      if (status !== undefined && !RETRIED.has(status)) break;
      try {
        await sleep(clock, seconds * 1000 * retryScale, this.#closing.signal);
      } catch {
        return;
      }
      status = await this.#post(receiver, alert);
    }
    if (status !== undefined && status < 300) return;
    this.#pausedUntilMs.set(receiver.serviceUri, clock.nowMs() + PAUSE_MS * retryScale);
    log(`The webhook ${receiver.name} did not take the alert (${status ?? 'no connection'}).`);
  }

  close(): void {
    this.#closing.abort();
  }

  async #post(receiver: WebhookReceiver, alert: object): Promise<number | undefined> {
    const { client, issueToken } = this.#options;
    const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
    if (receiver.useAadAuth) headers.authorization = `Bearer ${(await issueToken(receiver.identifierUri ?? '')).value}`;
    const { status } = await client.send({
      method: 'POST',
      url: receiver.serviceUri,
      headers,
      body: JSON.stringify(alert),
    });
    return status;
  }
}
