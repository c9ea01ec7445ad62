/** Brings the rows of one input of a signal: of a data asset or address, whole or in the window that belongs to a firing. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type DataContext, dataPlace } from '../../arm/assets/data-place.ts';
import { MonitorFailure } from '../seams/monitor-failure.ts';
import type { MonitorInput } from '../seams/monitor-schema.ts';
import { readDataFiles, type TimeWindow } from './data-files.ts';
import type { Table } from './table.ts';

export interface InputContext extends DataContext {
  /** Folder for copies while they are read. */
  readonly workFolder: string;
}

/** Fails with MonitorFailure when there is nothing to read. */
export async function readInput(context: InputContext, input: MonitorInput, firedAtMs: number): Promise<Table> {
  const place = dataPlace(context, input.uri);
  if (!place.ok) throw new MonitorFailure(place.message);
  const folder = join(context.workFolder, randomUUID());
  try {
    await mkdir(folder, { recursive: true });
    const target = join(folder, basename(place.path));
    if (!(await context.artifacts.fetch(place, target))) {
      throw new MonitorFailure(`Nothing is stored at '${input.uri}'.`);
    }
    const window = windowOf(input, firedAtMs);
    const table = await readDataFiles(target, window);
    if (table.rows > 0) return table;
    throw new MonitorFailure(`There are no rows in '${input.uri}'${window ? ` ${shown(window)}` : ''}.`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A rolling window ends `windowOffset` before the firing. */
export function windowOf(input: MonitorInput, firedAtMs: number): TimeWindow | undefined {
  switch (input.inputDataType) {
    case 'Fixed':
      return undefined;
    case 'Static':
      return { fromMs: input.windowStart.ms, toMs: input.windowEnd.ms };
    case 'Rolling': {
      const toMs = firedAtMs - input.windowOffset.ms;
      return { fromMs: toMs - input.windowSize.ms, toMs };
    }
  }
}

function shown({ fromMs, toMs }: TimeWindow): string {
  return `from ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
}
