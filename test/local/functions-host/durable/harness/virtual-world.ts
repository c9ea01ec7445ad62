/** A Durable host in virtual time on a memory store, driven through its management API. */
import { ManualClock } from '../../../../../local/emulator/manual-clock.ts';
import {
  createDurableHost,
  type LocalDurableHost,
} from '../../../../../local/functions-host/durable/create-durable-host.ts';
import type { HistoryEvent } from '../../../../../local/functions-host/durable/engine/history-event.ts';
import { MemoryStore } from '../../../../../local/functions-host/durable/store/memory-store.ts';
import type { TaskHubStore } from '../../../../../local/functions-host/durable/store/task-hub-store.ts';
import type { ManagementResponse } from '../../../../../local/functions-host/seams/durable-host.ts';
import type { FunctionInvoker } from '../../../../../local/functions-host/seams/invocation.ts';

export interface Status {
  readonly name: string;
  readonly instanceId: string;
  readonly runtimeStatus: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly customStatus: unknown;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export class World {
  readonly clock: ManualClock;
  readonly store: TaskHubStore;
  readonly invoker: FunctionInvoker;
  readonly section: Readonly<Record<string, unknown>>;
  readonly logged: string[] = [];
  #host: LocalDurableHost | undefined;

  constructor(
    invoker: FunctionInvoker,
    section: Readonly<Record<string, unknown>> = {},
    store: TaskHubStore = new MemoryStore(),
    clock: ManualClock = new ManualClock(),
  ) {
    this.clock = clock;
    this.store = store;
    this.invoker = invoker;
    this.section = section;
  }

  get host(): LocalDurableHost {
    if (!this.#host) throw new Error('The world was not started.');
    return this.#host;
  }

  async start(): Promise<this> {
    this.#host = await createDurableHost({
      invoker: this.invoker,
      section: this.section,
      settings: {},
      clock: this.clock,
      log: (level, message) => this.logged.push(`${level}: ${message}`),
      store: this.store,
    });
    await this.#host.start();
    return this;
  }

  /** Drops the host and makes a new one on the same store. */
  async restart(): Promise<void> {
    await this.host.stop();
    await this.start();
  }

  async call(method: string, pathAndQuery: string, options: CallOptions = {}): Promise<ManagementResponse> {
    const [path = '', query = ''] = pathAndQuery.split('?');
    const text = options.text ?? (options.body === undefined ? '' : JSON.stringify(options.body));
    return this.host.manage({
      method,
      path,
      query: new URLSearchParams(query),
      headers: { 'content-type': 'application/json', ...options.headers },
      body: Buffer.from(text),
      publicBaseUrl: 'http://localhost:7071/runtime/webhooks/durabletask',
    });
  }

  /** Starts an instance and lets everything run that is not waiting. */
  async begin(functionName: string, input?: unknown, instanceId = 'i1'): Promise<string> {
    const response = await this.call('POST', `orchestrators/${functionName}/${instanceId}`, { body: input });
    if (response.status !== 202) throw new Error(`start: ${response.status} ${response.body}`);
    await this.host.whenIdle();
    return instanceId;
  }

  async raise(eventName: string, body: unknown, instanceId = 'i1'): Promise<ManagementResponse> {
    const response = await this.call('POST', `instances/${instanceId}/raiseEvent/${eventName}`, { body });
    await this.host.whenIdle();
    return response;
  }

  async advance(byMs: number): Promise<void> {
    await this.clock.advance(byMs);
    await this.host.whenIdle();
  }

  async status(instanceId = 'i1'): Promise<Status> {
    const response = await this.call('GET', `instances/${instanceId}`);
    return JSON.parse(response.body) as Status;
  }

  async history(instanceId = 'i1'): Promise<readonly HistoryEvent[]> {
    return (await this.store.readHistory(instanceId))?.events ?? [];
  }

  /** `TaskScheduled#0` and so on: the history at a glance. */
  async outline(instanceId = 'i1'): Promise<string[]> {
    return (await this.history(instanceId)).map((event) => {
      const id =
        'TaskScheduledId' in event ? event.TaskScheduledId : 'TimerId' in event ? event.TimerId : event.EventId;
      return id < 0 ? event.EventType : `${event.EventType}#${id}`;
    });
  }
}
