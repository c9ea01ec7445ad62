/** What a caller may choose about the local stack, and what it gets when it chooses nothing. */
import { join } from 'node:path';

/** Fixed ports; 0 or absent picks a free one. All are on 127.0.0.1. */
export interface StackPorts {
  readonly identity?: number;
  readonly login?: number;
  readonly blob?: number;
  readonly queue?: number;
  readonly table?: number;
  readonly monitor?: number;
  readonly eventGrid?: number;
  /** Control endpoint of the Service Bus. */
  readonly serviceBus?: number;
  readonly serviceBusAmqp?: number;
  readonly scoring?: number;
  readonly azureMl?: number;
  readonly host?: number;
  readonly durableRpc?: number;
}

export interface StackOptions {
  /** Unit of every telemetry duration: 60 in production, a divisor of 60 here; shortens delays too. Default 2. */
  readonly bucketSeconds?: number;
  /** The built app folder (host.json, package.json, dist). Default: the checkout. */
  readonly scriptRoot?: string;
  /** Folder of rollout policies; default: the examples' policies with `bucketSeconds` of this stack. */
  readonly policiesFolder?: string;
  /** Starts the Functions host and subscribes it to the workspace. Default true. */
  readonly withHost?: boolean;
  /** Keeps storage (orchestrations, audit log) for the next start; Azure ML itself forgets. Default false. */
  readonly persist?: boolean;
  readonly ports?: StackPorts;
  /** Where certificates, logs, models and the pid file lie; one stack per folder. Default `.slipway`. */
  readonly stateFolder?: string;
  /** Stops everything and ends the process on SIGINT and SIGTERM. Default true. */
  readonly exitOnSignal?: boolean;
  /** More settings for the app, stronger than the stack's own. */
  readonly appSettings?: Readonly<Record<string, string>>;
  /** Receives one line per step. Default: nothing is said. */
  readonly log?: (line: string) => void;
}

export interface StackPlan extends Required<Omit<StackOptions, 'policiesFolder'>> {
  readonly policiesFolder: string | undefined;
}

/** The checkout that this file belongs to. */
export const ROOT_FOLDER = join(import.meta.dirname, '..', '..');
const DEFAULT_BUCKET_SECONDS = 2;
const MAX_BUCKET_SECONDS = 60;

export function planStack(options: StackOptions): StackPlan {
  const bucketSeconds = options.bucketSeconds ?? DEFAULT_BUCKET_SECONDS;
  if (!Number.isInteger(bucketSeconds) || bucketSeconds < 1 || MAX_BUCKET_SECONDS % bucketSeconds !== 0) {
    throw new Error(
      `bucketSeconds must divide ${MAX_BUCKET_SECONDS}: a minute has whole buckets. It is ${bucketSeconds}.`,
    );
  }
  return {
    bucketSeconds,
    scriptRoot: options.scriptRoot ?? ROOT_FOLDER,
    policiesFolder: options.policiesFolder,
    withHost: options.withHost ?? true,
    persist: options.persist ?? false,
    ports: options.ports ?? {},
    stateFolder: options.stateFolder ?? join(ROOT_FOLDER, '.slipway'),
    exitOnSignal: options.exitOnSignal ?? true,
    appSettings: options.appSettings ?? {},
    log: options.log ?? (() => {}),
  };
}
