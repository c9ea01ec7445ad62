/** The tables of what the real bundle costs. */
import { table } from '../report.ts';
import type { BundleReport } from './measure-bundle.ts';

const SHOWN_MS = 1;
const SHOWN_BYTES = 20_000;

export function coldStartTable({ rows: _rows, ...times }: BundleReport): string {
  return table(
    ['real bundle', 'wall ms', 'CPU ms'],
    [
      ['load (no host, no cache)', times.loadMs, times.loadCpuMs],
      ['cold start to first answer', times.coldMs, times.coldCpuMs],
      ['warm start to first answer', times.warmMs, times.warmCpuMs],
    ],
  );
}

/** Small packages are one row, so that the sums are right. */
export function bundleTable({ rows }: BundleReport): string {
  const isShown = (row: BundleReport['rows'][number]) =>
    row.startUpMs >= SHOWN_MS || row.startUpBytes + row.firstUseBytes >= SHOWN_BYTES || row.firstUseMs !== null;
  const shown = rows
    .filter(isShown)
    .sort((a, b) => b.startUpBytes - a.startUpBytes || b.firstUseBytes - a.firstUseBytes);
  const others = rows.filter((row) => !isShown(row));
  const sum = (of: readonly BundleReport['rows'][number][], key: 'startUpBytes' | 'startUpMs' | 'firstUseBytes') =>
    of.reduce((total, row) => total + row[key], 0);
  const sumRow = (name: string, of: readonly BundleReport['rows'][number][]) =>
    [name, sum(of, 'startUpBytes'), sum(of, 'startUpMs'), sum(of, 'firstUseBytes'), ''] as const;
  return table(
    ['package', 'bytes at start-up', 'ms at start-up', 'bytes at first use', 'ms at first use'],
    [
      ...shown.map((row) => [row.name, row.startUpBytes, row.startUpMs, row.firstUseBytes, row.firstUseMs ?? '']),
      sumRow('(others)', others),
      sumRow('sum', rows),
    ],
  );
}
