/** Rows per second: the product's summaries and comparison against numpy and scipy on the same two columns. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compareDatasets } from '../../../src/domain/drift/compare-datasets.ts';
import { summaryOf } from './rules.ts';
import { drawSamples } from './scenarios.ts';

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
  const { reference, moved } = drawSamples({ shape: 'heavy-tailed', referenceRows: rows, currentRows: rows }, 1);
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
