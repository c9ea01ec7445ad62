/** HTTP to one model server: scoring and probing over its own pool of connections. */
import { STATUS_CODES } from 'node:http';
import { Pool } from 'undici';
import type { Clock } from '../../../emulator/clock.ts';
import type { ScoreCall, ScoreResult } from './score-call.ts';

/** A model that answers more than this is cut off: the router holds whole answers in memory. */
const MAX_REPLY_BYTES = 32 * 1024 * 1024;
/** Beyond the scoring slots: the probe, and a call whose predecessor was given up a moment ago. */
const SPARE_CONNECTIONS = 2;

export class ModelClient {
  readonly #pool: Pool;
  readonly #clock: Clock;

  constructor(origin: string, maxConcurrentRequests: number, clock: Clock) {
    this.#clock = clock;
    this.#pool = new Pool(origin, {
      connections: maxConcurrentRequests + SPARE_CONNECTIONS,
      maxResponseSize: MAX_REPLY_BYTES,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Rejects with the signal's reason when `signal` aborts first. */
  async score(call: ScoreCall, signal: AbortSignal): Promise<ScoreResult> {
    try {
      const reply = await this.#pool.request({
        method: 'POST',
        path: '/score',
        headers: call.headers,
        body: call.body,
        signal,
      });
      const firstByteAtMs = this.#clock.nowMs();
      const body = await reply.body.bytes();
      const { statusCode: status, headers } = reply;
      return { kind: 'reply', status, reason: STATUS_CODES[status] ?? '', headers, body, firstByteAtMs };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      return { kind: isRefusal(error) ? 'not-running' : 'broken' };
    }
  }

  /** True when `GET /` answers with a 2xx status within `timeoutMs`. */
  async probe(timeoutMs: number): Promise<boolean> {
    const deadline = new AbortController();
    const cancel = this.#clock.after(timeoutMs, () => deadline.abort());
    try {
      const reply = await this.#pool.request({ method: 'GET', path: '/', signal: deadline.signal });
      await reply.body.dump();
      return reply.statusCode >= 200 && reply.statusCode < 300;
    } catch {
      return false;
    } finally {
      cancel();
    }
  }

  /** Calls that still run fail as broken. */
  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

function isRefusal(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
}
