/** Rows per second: the product's summaries and comparison against numpy and scipy on the same two columns. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compareDatasets } from '../../../src/domain/drift/compare-datasets.ts';
import type { DatasetSummary } from '../../../src/domain/drift/dataset-summary.ts';
import { collectNumeric } from '../../../src/domain/drift/numeric-summary.ts';
import { createRandom } from '../canary/generator/random.ts';
import { heavyTailed } from './draws.ts';

const PYTHON = join(import.meta.dirname, '../../../.slipway/venv/training/bin/python');
const RUNS = 5;

export interface Speed {
  readonly rows: number;
  readonly ownRowsPerSecond: number;
  /** Null where the training environment is not set up. */
  readonly scipyRowsPerSecond: number | null;
}

/** Best of five, both columns of `rows` each. */
export async function measureSpeed(rows: number): Promise<Speed> {
  const random = createRandom(1, 1);
  const draw = heavyTailed();
  const reference = Float64Array.from({ length: rows }, () => draw(random));
  const moved = Float64Array.from({ length: rows }, () => 1.3 * draw(random));
  let bestMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run += 1) {
    const startedMs = performance.now();
    compareDatasets(summaryOf(reference), summaryOf(moved));
    bestMs = Math.min(bestMs, performance.now() - startedMs);
  }
  const scipySeconds = await scipy(reference, moved);
  return {
    rows: 2 * rows,
    ownRowsPerSecond: (2 * rows * 1000) / bestMs,
    scipyRowsPerSecond: scipySeconds === null ? null : (2 * rows) / scipySeconds,
  };
}

function summaryOf(values: Float64Array): DatasetSummary {
  const collector = collectNumeric();
  for (const value of values) collector.add(value);
  const x = collector.summary();
  return { rows: x.count, features: { x } };
}

async function scipy(reference: Float64Array, current: Float64Array): Promise<number | null> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-drift-'));
  try {
    const [before, now] = [join(folder, 'reference.f64'), join(folder, 'current.f64')];
    await writeFile(before, new Uint8Array(reference.buffer));
    await writeFile(now, new Uint8Array(current.buffer));
    const script = join(import.meta.dirname, 'scipy_speed.py');
    const { stdout } = await promisify(execFile)(PYTHON, [script, before, now, String(RUNS)], { timeout: 300_000 });
    return Number(stdout);
  } catch (error) {
    console.error(`scipy could not be measured (npm run setup makes its environment): ${String(error)}`);
    return null;
  } finally {
    await rm(folder, { recursive: true });
  }
}
