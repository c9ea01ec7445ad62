/**
 * Sorts what a former host left behind.
 *
 * 1. A message whose sending turn was never committed is void and removed; the repeated turn sends it again.
 *    So is a timer of an execution that is over.
 * 2. A message that a checkpoint names as consumed is removed, and the instance's record is written again, since the
 *    former host may have ended between the two writes.
 * 3. A client's start that lost against a later one is removed: its execution is not the one of the record.
 * 4. A message that cannot be read is reported; it is for the caller to fail its instance, and that instance only.
 * 5. Everything else is delivered, in its order of arrival.
 */
import type { HistoryEvent } from '../engine/history-event.ts';
import type { Message } from '../store/message.ts';
import {
  type Checkpoint,
  CorruptHistory,
  type CorruptMessage,
  CorruptRecord,
  type InstanceRecord,
  isFinished,
  type LoadedHistory,
  type TaskHubStore,
} from '../store/task-hub-store.ts';
import { Limiter } from './limiter.ts';

const READS_AT_ONCE = 16;

export interface Recovered {
  readonly toDeliver: readonly Message[];
  readonly corrupt: readonly CorruptMessage[];
}

export async function recoverMessages(store: TaskHubStore): Promise<Recovered> {
  const corrupt: CorruptMessage[] = [];
  const messages = await store.loadMessages((one) => corrupt.push(one));
  const checkpoints = await readCheckpoints(store, messages);
  const addressed = new Set(messages.map((message) => message.instanceId));
  const groups = Object.groupBy(messages, (message) => judge(message, checkpoints, addressed));
  await removeAll(store, [...(groups.void ?? []), ...(groups.consumed ?? [])]);
  const repaired = new Set((groups.consumed ?? []).map((message) => message.instanceId));
  await eachLimited([...repaired], (instanceId) => repairRecord(store, instanceId));
  const alive = await withoutLostStarts(store, groups.alive ?? []);
  return { toDeliver: alive.toSorted((a, b) => a.sequence - b.sequence), corrupt };
}

async function withoutLostStarts(store: TaskHubStore, messages: readonly Message[]): Promise<readonly Message[]> {
  const lost = new Set<Message>();
  await eachLimited(messages, async (message) => {
    if (await isLostStart(store, message)) lost.add(message);
  });
  await removeAll(store, [...lost]);
  return messages.filter((message) => !lost.has(message));
}

/** The record of a start is written after its message, so an older record says nothing about it. */
async function isLostStart(store: TaskHubStore, message: Message): Promise<boolean> {
  if (message.kind !== 'event' || message.origin || message.event.EventType !== 'ExecutionStarted') return false;
  const record = await readableRecord(store, message.instanceId);
  if (!record || record.executionId === message.event.OrchestrationInstance.ExecutionId) return false;
  return record.createdMs >= Date.parse(message.event.Timestamp);
}

/** A record that cannot be read says nothing; the host starts all the same. */
async function readableRecord(store: TaskHubStore, instanceId: string): Promise<InstanceRecord | undefined> {
  try {
    return await store.readInstance(instanceId);
  } catch (error) {
    if (error instanceof CorruptRecord) return undefined;
    throw error;
  }
}

/** Corrupt ones are left to the turn that meets them. */
type Checkpoints = ReadonlyMap<string, Checkpoint | 'corrupt' | undefined>;

type Judgement = 'void' | 'consumed' | 'alive';

function judge(message: Message, checkpoints: Checkpoints, addressed: ReadonlySet<string>): Judgement {
  if (!isSenderCommitted(message, checkpoints, addressed)) return 'void';
  const own = checkpoints.get(message.instanceId);
  if (!own || own === 'corrupt') return 'alive';
  if (own.consumedMessageIds.includes(message.id)) return 'consumed';
  return isDeadTimer(message, own) ? 'void' : 'alive';
}

/** A timer is set by its own execution only, so once that is over, or another has begun, it can reach nobody. */
function isDeadTimer(message: Message, { executionId, status }: Checkpoint): boolean {
  if (message.kind !== 'event' || message.event.EventType !== 'TimerFired') return false;
  return message.executionId !== executionId || isFinished(status) || status === 'ContinuedAsNew';
}

/** A sender without a checkpoint has either not committed its first turn, and then still has mail, or was purged. */
function isSenderCommitted({ origin }: Message, checkpoints: Checkpoints, addressed: ReadonlySet<string>): boolean {
  if (!origin) return true;
  const sender = checkpoints.get(origin.instanceId);
  if (sender === 'corrupt') return true;
  return sender ? sender.turn >= origin.turn : !addressed.has(origin.instanceId);
}

async function readCheckpoints(store: TaskHubStore, messages: readonly Message[]): Promise<Checkpoints> {
  const ids = new Set(messages.flatMap(({ instanceId, origin }) => [instanceId, origin?.instanceId ?? instanceId]));
  const checkpoints = new Map<string, Checkpoint | 'corrupt' | undefined>();
  await eachLimited([...ids], async (id) => {
    const checkpoint = await store.readCheckpoint(id).catch((error: unknown) => {
      if (error instanceof CorruptHistory) return 'corrupt' as const;
      throw error;
    });
    checkpoints.set(id, checkpoint);
  });
  return checkpoints;
}

async function removeAll(store: TaskHubStore, messages: readonly Message[]): Promise<void> {
  const partitions = Map.groupBy(messages, (message) => message.instanceId);
  await eachLimited([...partitions], ([instanceId, group]) =>
    store.changeMessages({ instanceId, put: [], remove: group.map((message) => message.id) }),
  );
}

async function repairRecord(store: TaskHubStore, instanceId: string): Promise<void> {
  const history = await store.readHistory(instanceId).catch((error: unknown) => {
    if (error instanceof CorruptHistory) return undefined;
    throw error;
  });
  const record = history && recordOf(instanceId, history);
  if (record) await store.putInstance(record);
}

/** The record that the history stands for. */
export function recordOf(instanceId: string, { checkpoint, events }: LoadedHistory): InstanceRecord | undefined {
  const started = events.find((event) => event.EventType === 'ExecutionStarted');
  const last = events.at(-1);
  if (!started || !last) return undefined;
  const lastUpdatedMs = Date.parse(last.Timestamp);
  return {
    instanceId,
    executionId: checkpoint.executionId,
    name: started.Name,
    version: started.Version,
    input: started.Input,
    output: outputOf(events),
    customStatus: checkpoint.customStatus,
    status: checkpoint.status === 'ContinuedAsNew' ? 'Running' : checkpoint.status,
    createdMs: Date.parse(started.Timestamp),
    lastUpdatedMs,
    completedMs: isFinished(checkpoint.status) ? lastUpdatedMs : null,
  };
}

function outputOf(events: readonly HistoryEvent[]): string | null {
  for (const event of events.toReversed()) {
    if (event.EventType === 'ExecutionCompleted') return event.Result;
    if (event.EventType === 'ExecutionSuspended' || event.EventType === 'ExecutionResumed') return event.Reason;
  }
  return null;
}

async function eachLimited<T>(items: readonly T[], job: (item: T) => Promise<void>): Promise<void> {
  const limiter = new Limiter(READS_AT_ONCE);
  await Promise.all(items.map((item) => limiter.run(() => job(item))));
}
