/** Makes the Durable engine of one app: reads its settings, opens its task hub, answers its management API. */
import { randomUUID } from 'node:crypto';
import type { DurableHost, DurableHostOptions } from '../seams/durable-host.ts';
import { clientPayload } from './api/links.ts';
import { manage } from './api/manage.ts';
import { TaskHub } from './dispatch/task-hub.ts';
import { readDurableOptions } from './seams/durable-options.ts';
import { connectTableStore } from './store/tables/connect-table-store.ts';
import type { TaskHubStore } from './store/task-hub-store.ts';

export interface LocalDurableHost extends DurableHost {
  /** Resolves when no turn and no activity is under way; timers that wait do not count. For tests in virtual time. */
  whenIdle(): Promise<void>;
}

export interface LocalDurableHostOptions extends DurableHostOptions {
  /** Where state lives; by default the storage account of the connection setting. */
  readonly store?: TaskHubStore;
  /** Makes ids of 32 hex digits; random by default, from a seed in tests that compare whole runs. */
  readonly newId?: () => string;
}

/** Fails with one message when host.json or the connection setting is wrong. Writes nothing before `start`. */
export async function createDurableHost(options: LocalDurableHostOptions): Promise<LocalDurableHost> {
  const { invoker, clock, log, section, settings } = options;
  const durable = readDurableOptions(section, settings);
  const store = options.store ?? connectTableStore(durable, settings);
  const newId = options.newId ?? (() => randomUUID().replaceAll('-', ''));
  const hub = new TaskHub({ store, clock, log, invoker, options: durable, newId });
  return {
    start: () => hub.start(),
    clientPayload: ({ webhookBaseUrl, rpcBaseUrl }) => clientPayload({ webhookBaseUrl, options: durable }, rpcBaseUrl),
    manage: (request) => manage(hub, log, request),
    stop: () => hub.stop(),
    whenIdle: () => hub.whenIdle(),
  };
}
