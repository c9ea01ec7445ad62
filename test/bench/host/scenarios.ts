/** What is measured: orchestrations of one kind, so many at once, from start to finish. */
import type { EngineUnderTest } from './engine-under-test.ts';
import { storageRequests } from './storage-requests.ts';

export interface Scenario {
  readonly name: 'chain' | 'fanOut' | 'approval';
  readonly concurrent: number;
  /** Orchestrations in all; those beyond `concurrent` start when others have ended. */
  readonly total: number;
}

export interface Measured extends Scenario {
  readonly seconds: number;
  readonly orchestrationsPerSecond: number;
  readonly roundTripsPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly callsPerOrchestration: number;
  readonly requestsPerOrchestration: number;
  readonly writeRequestsPerSecond: number;
  readonly rowsWrittenPerSecond: number;
  readonly historyBytes: number;
}

const ACTIVITIES = { chain: 5, fanOut: 50, approval: 0 } as const;

export async function measure(engine: EngineUnderTest, scenario: Scenario): Promise<Measured> {
  const before = { ...engine.store.counts, ...storageRequests() };
  const startedAtMs = performance.now();
  const latencies: number[] = [];
  for (let from = 0; from < scenario.total; from += scenario.concurrent) {
    const count = Math.min(scenario.concurrent, scenario.total - from);
    const ids = Array.from({ length: count }, (_, index) => idOf(scenario, from + index));
    latencies.push(...(await runTogether(engine, scenario.name, ids)));
  }
  const seconds = (performance.now() - startedAtMs) / 1000;
  const after = { ...engine.store.counts, ...storageRequests() };
  const requests = after.reads + after.writes - before.reads - before.writes;
  latencies.sort((a, b) => a - b);
  return {
    ...scenario,
    seconds,
    orchestrationsPerSecond: scenario.total / seconds,
    roundTripsPerSecond: (scenario.total * ACTIVITIES[scenario.name]) / seconds,
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
    callsPerOrchestration: (after.calls - before.calls) / scenario.total,
    requestsPerOrchestration: requests / scenario.total,
    writeRequestsPerSecond: (after.writes - before.writes) / seconds,
    rowsWrittenPerSecond: (after.rowsWritten - before.rowsWritten) / seconds,
    historyBytes: await historyBytes(engine, idOf(scenario, 0)),
  };
}

/** Milliseconds from the request to start until the end was stored, for each. */
async function runTogether(engine: EngineUnderTest, name: Scenario['name'], ids: readonly string[]): Promise<number[]> {
  const startedAtMs = new Map<string, number>();
  await Promise.all(
    ids.map(async (id) => {
      startedAtMs.set(id, performance.now());
      await expectAccepted(engine.call('POST', `orchestrators/${name}/${id}`));
    }),
  );
  await engine.host.whenIdle();
  if (name === 'approval') {
    await Promise.all(ids.map((id) => expectAccepted(engine.call('POST', `instances/${id}/raiseEvent/Approved`, {}))));
    await engine.host.whenIdle();
  }
  await Promise.all(ids.map((id) => expectCompleted(engine, id)));
  return ids.map((id) => (engine.store.growth.get(id)?.at(-1)?.atMs ?? Number.NaN) - (startedAtMs.get(id) ?? 0));
}

async function expectAccepted(answer: Promise<{ status: number; body: string }>): Promise<void> {
  const { status, body } = await answer;
  if (status !== 202) throw new Error(`A request was answered ${status}: ${body}`);
}

async function expectCompleted(engine: EngineUnderTest, id: string): Promise<void> {
  const checkpoint = await engine.store.readCheckpoint(id);
  if (checkpoint?.status !== 'Completed') throw new Error(`${id} is ${checkpoint?.status} instead of Completed.`);
}

async function historyBytes(engine: EngineUnderTest, id: string): Promise<number> {
  return JSON.stringify((await engine.store.readHistory(id))?.events ?? []).length;
}

function idOf({ name, concurrent }: Scenario, index: number): string {
  return `${name}-${concurrent}-${index}`;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
