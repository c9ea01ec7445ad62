/** The folder that a moment belongs to: `yyyy/MM/dd/HH` with hourly files ("Collect production data from models"). */
import type { RollingRate } from '../seams/data-collection.ts';

const LENGTHS: Readonly<Record<RollingRate, number>> = { Year: 4, Month: 7, Day: 10, Hour: 13, Minute: 16 };

/** In UTC; finer or coarser rates lengthen or shorten the path. */
export function partition(timeMs: number, rollingRate: RollingRate): string {
  return new Date(timeMs).toISOString().slice(0, LENGTHS[rollingRate]).replace(/[-T:]/g, '/');
}

const PARTITION = /(?:^|\/)(\d{4})(?:\/(\d{2}))?(?:\/(\d{2}))?(?:\/(\d{2}))?(?:\/(\d{2}))?\/[^/]+$/;

/** First and last moment of the partition that a blob lies in; undefined when its path names none. */
export function partitionSpan(blobPath: string): { readonly fromMs: number; readonly toMs: number } | undefined {
  const parts = PARTITION.exec(blobPath)
    ?.slice(1)
    .filter((part) => part !== undefined)
    .map(Number);
  if (!parts) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = parts;
  const next = [year, month - 1, day, hour, minute];
  const unit = parts.length - 1;
  next[unit] = (next[unit] ?? 0) + 1;
  const [y = 0, ...rest] = next;
  return {
    fromMs: Date.UTC(year, month - 1, day, hour, minute),
    toMs: Date.UTC(y, rest[0] ?? 0, rest[1], rest[2], rest[3]),
  };
}
