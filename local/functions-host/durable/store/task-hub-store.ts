/**
 * What the engine asks of storage. Every implementation passes the same contract suite.
 *
 * 1. `commitHistory` is all or nothing: after a crash the history is the one before or the one after.
 * 2. `commitHistory` fails with StaleTurnError when the checkpoint's tag is not the one last read or written.
 * 3. `changeMessages` is all or nothing up to MAX_ATOMIC_CHANGES changes; larger changes may stop between.
 * 4. Everything else may be repeated without harm.
 */

import type { HistoryEvent } from '../engine/history-event.ts';
import type { Message } from './message.ts';

export const MAX_ATOMIC_CHANGES = 100;

export const RUNTIME_STATUSES = [
  'Pending',
  'Running',
  'Suspended',
  'ContinuedAsNew',
  'Completed',
  'Failed',
  'Canceled',
  'Terminated',
] as const;
export type RuntimeStatus = (typeof RUNTIME_STATUSES)[number];

/** True when nothing more will happen to an execution in this state. */
export function isFinished(status: RuntimeStatus): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Terminated' || status === 'Canceled';
}

/** One row of the Instances table. Texts are JSON, except the output of a failed or terminated instance. */
export interface InstanceRecord {
  readonly instanceId: string;
  readonly executionId: string;
  readonly name: string;
  readonly version: string | null;
  readonly input: string | null;
  readonly output: string | null;
  readonly customStatus: string | null;
  readonly status: RuntimeStatus;
  readonly createdMs: number;
  readonly lastUpdatedMs: number;
  readonly completedMs: number | null;
}

export type InstanceChange = Partial<Omit<InstanceRecord, 'instanceId'>>;

export interface InstanceQuery {
  readonly createdFromMs?: number;
  readonly createdToMs?: number;
  readonly statuses?: readonly RuntimeStatus[];
  readonly idPrefix?: string;
  readonly top: number;
  readonly continuation?: string;
}

export interface InstancePage {
  readonly records: readonly InstanceRecord[];
  /** One text per row that cannot be read and is therefore missing from `records`; names the row. */
  readonly problems?: readonly string[];
  readonly continuation: string | undefined;
}

/** What the sentinel row says besides the history itself. */
export interface Checkpoint {
  readonly executionId: string;
  /** Grows with every commit of the instance, over executions and purges. */
  readonly turn: number;
  readonly status: RuntimeStatus;
  readonly customStatus: string | null;
  /** Ids of messages that the history holds already although they may still be stored. */
  readonly consumedMessageIds: readonly string[];
  /** Number of events of the current execution. */
  readonly length: number;
}

export interface LoadedHistory {
  readonly checkpoint: Checkpoint;
  readonly tag: string;
  readonly events: readonly HistoryEvent[];
}

export interface HistoryCommit {
  readonly instanceId: string;
  /** Tag last read or written; undefined when no checkpoint exists yet. */
  readonly tag: string | undefined;
  readonly checkpoint: Checkpoint;
  /** Position of the first of `events`; 0 starts a new execution. */
  readonly from: number;
  readonly events: readonly HistoryEvent[];
  readonly completedMs: number;
}

export interface MessageChanges {
  readonly instanceId: string;
  readonly put: readonly Message[];
  readonly remove: readonly string[];
}

/** Another writer committed in between; what was computed from the older history is void. */
export class StaleTurnError extends Error {
  override readonly name = 'StaleTurnError';

  constructor(instanceId: string) {
    super(`The history of '${instanceId}' was written by someone else since it was read. The turn is dropped.`);
  }
}

/** A stored message that cannot be read. */
export interface CorruptMessage {
  readonly instanceId: string;
  readonly id: string;
  /** Names the row and says what is wrong with it. */
  readonly problem: string;
}

/** Stored state of one instance cannot be read; the message names the row. Other instances are not concerned. */
export class CorruptHistory extends Error {
  override readonly name = 'CorruptHistory';
}

/** The visible record of one instance cannot be read; the message names the row. */
export class CorruptRecord extends Error {
  override readonly name = 'CorruptRecord';
}

export interface TaskHubStore {
  /** Resolves with the reason when another host has taken the hub over; from then on every write fails. */
  readonly lost?: Promise<string>;
  /** Creates what is missing and takes the hub for this host; fails when another host works on it. */
  open(): Promise<void>;
  /** Messages that cannot be read are reported instead of returned; without a listener they fail the whole reading. */
  loadMessages(whenCorrupt?: (corrupt: CorruptMessage) => void): Promise<readonly Message[]>;
  changeMessages(changes: MessageChanges): Promise<void>;
  readInstance(instanceId: string): Promise<InstanceRecord | undefined>;
  putInstance(record: InstanceRecord): Promise<void>;
  changeInstance(instanceId: string, change: InstanceChange): Promise<void>;
  listInstances(query: InstanceQuery): Promise<InstancePage>;
  readCheckpoint(instanceId: string): Promise<Checkpoint | undefined>;
  readHistory(instanceId: string): Promise<LoadedHistory | undefined>;
  /** Returns the new tag. */
  commitHistory(commit: HistoryCommit): Promise<string>;
  /** Removes record, history, messages and large values of the instance. */
  purge(instanceId: string): Promise<void>;
  /** Leaves the hub to the next host. */
  close(): Promise<void>;
}
