/** What a run has left behind: outcomes, entity states, decisions in the stored histories, undelivered messages. */
import { setTimeout as pause } from 'node:timers/promises';
import { TableClient } from '@azure/data-tables';
import type { PersistentClient } from './client.ts';

export interface EndState {
  readonly stories: Readonly<Record<string, unknown>>;
  readonly tallies: Readonly<Record<string, unknown>>;
  /** Scheduling events by instance, sorted: what each orchestration has decided in its last execution. */
  readonly decisions: Readonly<Record<string, readonly string[]>>;
  /** Messages that are stored although nothing will ever take them. */
  readonly strayMessages: readonly string[];
}

export interface Storage {
  readonly connectionString: string;
  readonly hubName: string;
}

const QUIET_WITHIN_MS = 10_000;
const SCHEDULING = new Set(['TaskScheduled', 'TimerCreated', 'SubOrchestrationInstanceCreated', 'EventSent']);

interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly ExecutionId?: string;
  readonly EventType?: string;
  readonly EventId?: number;
  readonly Name?: string;
  readonly HistoryLength?: number;
  readonly ConsumedMessageIds?: string;
}

export async function readEndState(
  client: PersistentClient,
  storage: Storage,
  ids: readonly string[],
): Promise<EndState> {
  const strayMessages = await strayMessagesLeft(storage);
  const stories: Record<string, unknown> = {};
  const tallies: Record<string, unknown> = {};
  for (const id of ids) {
    const { runtimeStatus, output, customStatus } = await client.statusWhen(id, () => true);
    stories[id] = { runtimeStatus, output, customStatus };
    tallies[id] = await client.read(`entities/tally/${id}`);
  }
  for (const key of ['kids', 'everybody']) tallies[key] = await client.read(`entities/tally/${key}`);
  const history = await rows(storage, 'History');
  return { stories, tallies, decisions: decisionsOf(history, sentinelsOf(history)), strayMessages };
}

/** Waits for the last signals to arrive; what is still there then will stay for ever. */
async function strayMessagesLeft(storage: Storage): Promise<readonly string[]> {
  for (const deadlineMs = Date.now() + QUIET_WITHIN_MS; ; ) {
    const messages = await rows(storage, 'Messages');
    const sentinels = sentinelsOf(await rows(storage, 'History'));
    const stray = messages.filter((row) => !isConsumed(row, sentinels.get(row.partitionKey)));
    if (stray.length === 0 || Date.now() > deadlineMs) return stray.map((row) => `${row.partitionKey} ${row.rowKey}`);
    await pause(50);
  }
}

function sentinelsOf(history: readonly Row[]): Map<string, Row> {
  return new Map(history.filter((row) => row.rowKey === 'sentinel').map((row) => [row.partitionKey, row]));
}

/** Consumed messages of an entity stay until its next turn; its sentinel row names them. */
function isConsumed(message: Row, sentinel: Row | undefined): boolean {
  return sentinel?.ConsumedMessageIds?.includes(`"${message.rowKey}"`) ?? false;
}

function decisionsOf(history: readonly Row[], sentinels: ReadonlyMap<string, Row>): Record<string, string[]> {
  const decisions: Record<string, string[]> = {};
  for (const row of history) {
    const sentinel = sentinels.get(row.partitionKey);
    const isCurrent = row.ExecutionId === sentinel?.ExecutionId && Number.parseInt(row.rowKey, 16) < lengthOf(sentinel);
    if (!isCurrent || !SCHEDULING.has(row.EventType ?? '')) continue;
    const of = nameWithoutRandomness(row.partitionKey);
    decisions[of] ??= [];
    decisions[of].push(`${row.EventType}#${row.EventId} ${row.Name ?? ''}`.trim());
  }
  for (const list of Object.values(decisions)) list.sort();
  return decisions;
}

function lengthOf(sentinel: Row | undefined): number {
  return sentinel?.HistoryLength ?? 0;
}

/** Children without a given id are named after their parent's random execution id. */
function nameWithoutRandomness(partitionKey: string): string {
  return partitionKey.replace(/^[0-9a-f]{32}:/, 'child:');
}

async function rows({ connectionString, hubName }: Storage, table: string): Promise<readonly Row[]> {
  const client = TableClient.fromConnectionString(connectionString, `${hubName}${table}`, {
    allowInsecureConnection: true,
  });
  const found: Row[] = [];
  for await (const row of client.listEntities()) found.push(row as Row);
  return found;
}
