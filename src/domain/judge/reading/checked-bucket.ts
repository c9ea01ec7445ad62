/** Refuses buckets that cannot be true, naming the bucket and the field: never NaN into a verdict. */
import type { ArmCounts, TrafficBucket } from './traffic-bucket.ts';

/** Throws a RangeError that lists every problem of the bucket. */
export function checkBucket({ startMs, green, blue }: TrafficBucket): void {
  refuse('The bucket', startMs, [...problemsOf('green', green), ...problemsOf('blue', blue)]);
}

/** Throws a RangeError where there are problems, or where the start of the bucket is no time. */
export function refuse(what: string, startMs: number, problems: readonly string[]): void {
  const all = [...(Number.isFinite(startMs) && startMs >= 0 ? [] : [`its start ${startMs} is no time`]), ...problems];
  if (all.length === 0) return;
  throw new RangeError(`${what} that starts at ${startMs} cannot be judged: ${all.join('; ')}.`);
}

function problemsOf(arm: string, { requests, errors, latency }: ArmCounts): string[] {
  const problems: string[] = [];
  if (!isCount(requests)) problems.push(`${arm}'s requests are ${requests}, which is no count`);
  if (!isCount(errors)) problems.push(`${arm}'s errors are ${errors}, which is no count`);
  if (errors > requests) problems.push(`${arm} has more errors (${errors}) than requests (${requests})`);
  let measured = 0;
  for (const [bin, count] of Object.entries(latency)) {
    if (!/^\d{1,9}$/.test(bin)) problems.push(`${arm}'s latency bin "${bin.slice(0, 20)}" is no bin`);
    if (!isCount(count)) problems.push(`${arm}'s latency bin ${bin.slice(0, 20)} holds ${count}, which is no count`);
    measured += count;
  }
  if (measured > requests) problems.push(`${arm} has more latencies (${measured}) than requests (${requests})`);
  return problems;
}

export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
