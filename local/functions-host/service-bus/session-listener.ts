/**
 * Runs a function for the messages of sessions.
 *
 * 1. Messages of one session run one after another in their order; several sessions run at once.
 * 2. A session that stays silent is given back, so that others can be taken.
 */
import type { ServiceBusSessionReceiver } from '@azure/service-bus';
import { type Clock, sleep } from '../../emulator/clock.ts';
import type { Listener } from '../bindings/listener.ts';
import { type DeliveryParts, deliver } from './deliver.ts';
import type { OutageLog } from './outage-log.ts';

const PAUSE_AFTER_FAILURE_MS = 1000;

export interface SessionListenerOptions extends DeliveryParts {
  /** Waits for a session with messages; rejects with code ServiceTimeout when none comes. */
  readonly accept: (signal: AbortSignal) => Promise<ServiceBusSessionReceiver>;
  readonly maxSessions: number;
  /** In one invocation; 1 unless the function takes many. */
  readonly maxBatchSize: number;
  readonly idleMs: number;
  readonly outages: OutageLog;
  readonly clock: Clock;
}

export function createSessionListener(options: SessionListenerOptions): Listener {
  const { functionName, maxSessions } = options;
  const stopping = new AbortController();
  let loops: readonly Promise<void>[] = [];
  return {
    functionName,
    start() {
      loops = Array.from({ length: maxSessions }, () => takeSessions(options, stopping.signal));
    },
    async stop() {
      stopping.abort(new Error('The host is stopping.'));
      await Promise.all(loops);
    },
  };
}

async function takeSessions(options: SessionListenerOptions, signal: AbortSignal): Promise<void> {
  const { accept, clock, outages } = options;
  while (!signal.aborted) {
    try {
      const session = await acceptUnlessStopped(accept, signal);
      outages.worked();
      await drain(options, session, signal).finally(() => session.close());
    } catch (error) {
      if (signal.aborted || isNoSession(error)) continue;
      outages.failed(error);
      await sleep(clock, PAUSE_AFTER_FAILURE_MS, signal).catch(() => undefined);
    }
  }
}

/** The client does not give up a wait under way when it is told to; a session that comes too late is given back. */
async function acceptUnlessStopped(
  accept: SessionListenerOptions['accept'],
  signal: AbortSignal,
): Promise<ServiceBusSessionReceiver> {
  const pending = accept(signal);
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const onAbort = () => {
    reject(signal.reason);
    pending.then((session) => session.close()).catch(() => undefined);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([pending, stopped]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function drain(
  options: SessionListenerOptions,
  session: ServiceBusSessionReceiver,
  signal: AbortSignal,
): Promise<void> {
  const waiting = { maxWaitTimeInMs: options.idleMs, abortSignal: signal };
  while (!signal.aborted) {
    const messages = await session.receiveMessages(options.maxBatchSize, waiting);
    if (messages.length === 0) return;
    await deliver(options, session, messages, signal);
  }
}

function isNoSession(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ServiceTimeout';
}
