/** The seam between the host shell (ports, loading, triggers) and the Durable engine. */
import type { Clock } from '../../emulator/clock.ts';
import type { FunctionInvoker } from './invocation.ts';

export type DurableLog = (level: 'debug' | 'information' | 'warning' | 'error', message: string) => void;

/** Section `extensions.durableTask` of host.json after `%SETTING%` replacement, still unchecked. */
export type DurableTaskSection = Readonly<Record<string, unknown>>;

export interface DurableHostOptions {
  readonly invoker: FunctionInvoker;
  readonly section: DurableTaskSection;
  /** The app's settings: connection strings, WEBSITE_SITE_NAME. */
  readonly settings: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: DurableLog;
}

/** A request to the management API, already read from whichever server received it. */
export interface ManagementRequest {
  readonly method: string;
  /** Path below the API base, without leading slash: `instances/abc/terminate`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Public base of the API that answers, for links: `http://localhost:7071/runtime/webhooks/durabletask`. */
  readonly publicBaseUrl: string;
}

export interface ManagementResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface DurableHost {
  /** Loads the task hub and goes on with every unfinished instance. */
  start(): Promise<void>;
  /** JSON text for a `durableClient` input binding. Both URLs without trailing slash. */
  clientPayload(urls: { readonly webhookBaseUrl: string; readonly rpcBaseUrl: string }): string;
  manage(request: ManagementRequest): Promise<ManagementResponse>;
  /** Stops taking work, waits for the turn under way. */
  stop(): Promise<void>;
}
