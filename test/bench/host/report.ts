/** The bench's tables and its verdict against the aims. */
import type { TurnCost } from './history-growth.ts';
import type { StoreReport } from './measure-store.ts';
import type { Measured } from './scenarios.ts';

export const AIMS = {
  memoryRoundTripsPerSecond: 2_000,
  shareOfBareInserts: 0.7,
  startUpMs: 1_500,
  bundleColdMs: 600,
  exponent: 1.2,
};

export interface StartUps {
  readonly benchAppMs: number;
  readonly bundleColdMs: number;
}

type Cell = string | number;

export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [head, ...rows].map((row) => row.map(cellText));
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((text, column) => text.padStart(widths[column] ?? 0)).join('  ');
  return texts.map((row) => `${line(row)}\n`).join('');
}

function cellText(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  return cell.toLocaleString('en-US', { maximumFractionDigits: Math.abs(cell) < 100 ? 1 : 0 });
}

export function scenarioTable(reports: readonly StoreReport[]): string {
  const head = ['store', 'orchestration', 'at once', 'orch/s', 'round trips/s', 'p50 ms', 'p95 ms'];
  const storage = [
    'store calls/orch',
    'requests/orch',
    'write requests/s',
    'rows/s',
    '% of bare inserts',
    'history bytes',
  ];
  const row = ({ store, bareInsertsPerSecond: bare }: StoreReport, m: Measured): Cell[] => [
    store,
    m.name,
    m.concurrent,
    m.orchestrationsPerSecond,
    m.roundTripsPerSecond,
    m.p50Ms,
    m.p95Ms,
    m.callsPerOrchestration,
    m.requestsPerOrchestration,
    m.writeRequestsPerSecond,
    m.rowsWrittenPerSecond,
    bare === undefined ? '-' : (100 * m.rowsWrittenPerSecond) / bare,
    m.historyBytes,
  ];
  const rows = reports.flatMap((report) => report.scenarios.map((measured) => row(report, measured)));
  return table([...head, ...storage], rows);
}

export function growthTable(reports: readonly StoreReport[]): string {
  const rows = reports.flatMap(({ store, growth }) =>
    growth.map(({ historyLength, turnMs }) => [store, historyLength, turnMs.toFixed(2)] as const),
  );
  return table(['store', 'events in history', 'ms per turn'], rows);
}

/** Slope on a log-log scale from 1,000 events on: 1 means that a turn grows as its history does. */
export function growthExponent(growth: readonly TurnCost[]): number {
  const [early, late] = [growth.at(-2), growth.at(-1)];
  if (!early || !late) return Number.NaN;
  return Math.log(late.turnMs / early.turnMs) / Math.log(late.historyLength / early.historyLength);
}

export interface Verdict {
  readonly aim: string;
  readonly got: string;
  readonly met: boolean;
}

export function verdicts(memory: StoreReport, azurite: StoreReport, startUps: StartUps): Verdict[] {
  const best = (pick: (m: Measured) => number, report: StoreReport) => Math.max(...report.scenarios.map(pick));
  const roundTrips = best((m) => m.roundTripsPerSecond, memory);
  const bare = azurite.bareInsertsPerSecond ?? Number.NaN;
  const rows = best((m) => m.rowsWrittenPerSecond, azurite) / bare;
  const requests = best((m) => m.writeRequestsPerSecond, azurite) / bare;
  const exponent = growthExponent(memory.growth);
  return [
    {
      aim: `memory: ${AIMS.memoryRoundTripsPerSecond} activity round trips/s`,
      got: roundTrips.toFixed(0),
      met: roundTrips >= AIMS.memoryRoundTripsPerSecond,
    },
    {
      aim: `Azurite: rows written/s at least ${AIMS.shareOfBareInserts * 100} % of ${bare.toFixed(0)} bare inserts/s`,
      got: `${(rows * 100).toFixed(0)} % (write requests alone: ${(requests * 100).toFixed(0)} %)`,
      met: rows >= AIMS.shareOfBareInserts,
    },
    {
      aim: 'a turn grows no faster than its history (exponent 1)',
      got: exponent.toFixed(2),
      met: exponent <= AIMS.exponent,
    },
    {
      aim: `start-up to first request under ${AIMS.startUpMs} ms`,
      got: `${startUps.benchAppMs.toFixed(0)} ms`,
      met: startUps.benchAppMs < AIMS.startUpMs,
    },
    {
      aim: `the real bundle, cold: start-up to first request under ${AIMS.bundleColdMs} ms`,
      got: `${startUps.bundleColdMs.toFixed(0)} ms`,
      met: startUps.bundleColdMs < AIMS.bundleColdMs,
    },
  ];
}
