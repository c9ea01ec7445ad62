/** Which blobs may hold rows of a stretch of time, by the folders `yyyy/MM/dd/HH/` in which they were written. */
import type { ContainerClient } from '@azure/storage-blob';
import { statusOf } from '../calls/status-of.ts';
import { formatOf } from './row-reader.ts';

const MAX_FILES = 5000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Clocks of who wrote a row and of the storage may differ by as much. */
const CLOCK_SKEW_MS = 300_000;

interface Place {
  readonly container: ContainerClient;
  readonly signal: AbortSignal;
}

interface Hours {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Files of rows below the prefix in order of name, `MAX_FILES` at most; without those last written before `sinceMs`. */
export async function namesBelow(
  { container, signal }: Place,
  prefix: string,
  sinceMs: number = Number.NEGATIVE_INFINITY,
): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { name, properties } of container.listBlobsFlat({ prefix, abortSignal: signal })) {
      if (properties.lastModified.getTime() < sinceMs || !formatOf(name)) continue;
      if (names.push(name) >= MAX_FILES) break;
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  return names;
}

/**
 * The hour is the one in which a file was written ("Collect production data from models"): one that was written within the
 * stretch, or in the hour after it, may hold its rows. Only the days of the stretch are listed, the latest first: where there
 * is too much, the oldest rows are left out.
 */
export async function namesOfHours(place: Place, folder: string, hours: Hours): Promise<readonly string[]> {
  const names: string[] = [];
  for (const day of daysBackwards(hours.fromMs - HOUR_MS, hours.untilMs + HOUR_MS)) {
    const ofDay = await namesBelow(place, `${folder}/${day}/`, hours.fromMs - CLOCK_SKEW_MS);
    names.push(...ofDay.filter((name) => isWithin(name, hours)).reverse());
  }
  return names;
}

/** `yyyy/MM/dd` in UTC. */
function daysBackwards(fromMs: number, untilMs: number): readonly string[] {
  const first = Math.floor(fromMs / DAY_MS);
  const last = Math.floor(untilMs / DAY_MS);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    return new Date((last - index) * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '/');
  });
}

function isWithin(name: string, { fromMs, untilMs }: Hours): boolean {
  const [, hour] = /\/(\d{4}\/\d{2}\/\d{2}\/\d{2})\/[^/]+$/.exec(name) ?? [];
  const startMs = hour === undefined ? Number.NaN : hourOf(hour);
  return startMs > fromMs - HOUR_MS && startMs <= untilMs + HOUR_MS;
}

function hourOf(path: string): number {
  const [year, month, day, hour] = path.split('/').map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour);
}
