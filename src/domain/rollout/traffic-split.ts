/** Computes the traffic map that each phase wants, always of whole percents that sum to 100 (or an empty endpoint's 0). */
import type { DeploymentName } from '../ids/names.ts';

/** Percent per deployment. */
export type TrafficMap = Readonly<Record<string, number>>;

/** Live and mirrored shares of an endpoint, as Azure ML stores them. */
export interface TrafficSplit {
  readonly traffic: TrafficMap;
  readonly mirror: TrafficMap;
}

/** Drops zero entries and orders by name, so that equal splits are equal texts. */
export function normalizeTraffic(map: TrafficMap): TrafficMap {
  const entries = Object.entries(map).filter(([, percent]) => percent > 0);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

export function sameSplit(a: TrafficSplit, b: TrafficSplit): boolean {
  return textOf(a) === textOf(b);
}

/** `{"blue":90,"green":10}` as `blue 90 %, green 10 %`; with the mirror where there is one. */
export function describeSplit(split: TrafficSplit): string {
  const live = describeMap(split.traffic) || 'no traffic';
  const mirror = describeMap(split.mirror);
  return mirror ? `${live} (mirror: ${mirror})` : live;
}

/** The deployment with the largest live share, or null on an endpoint without traffic. Ties go to the first name. */
export function blueOf(traffic: TrafficMap): DeploymentName | null {
  let blue: string | null = null;
  for (const [name, percent] of Object.entries(normalizeTraffic(traffic))) {
    if (blue === null || percent > (traffic[blue] ?? 0)) blue = name;
  }
  return blue as DeploymentName | null;
}

/**
 * Gives green `weight` percent and scales the shares of the snapshot to the rest, by largest remainder.
 * An endpoint without traffic gives green everything.
 */
export function splitForWeight(snapshot: TrafficMap, green: DeploymentName, weight: number): TrafficMap {
  const others = Object.entries(normalizeTraffic(snapshot)).filter(([name]) => name !== green);
  if (others.length === 0 || weight >= 100) return { [green]: 100 };
  const rest = 100 - weight;
  const total = others.reduce((sum, [, percent]) => sum + percent, 0);
  const shares = others.map(([name, percent]) => {
    const exact = (percent * rest) / total;
    return { name, whole: Math.floor(exact), remainder: exact - Math.floor(exact) };
  });
  let missing = rest - shares.reduce((sum, share) => sum + share.whole, 0);
  const byRemainder = [...shares].sort((a, b) => b.remainder - a.remainder || (a.name < b.name ? -1 : 1));
  const result: Record<string, number> = { [green]: weight };
  for (const share of byRemainder) {
    result[share.name] = share.whole + (missing > 0 ? 1 : 0);
    missing -= 1;
  }
  return normalizeTraffic(result);
}

function describeMap(map: TrafficMap): string {
  return Object.entries(normalizeTraffic(map))
    .map(([name, percent]) => `${name} ${percent} %`)
    .join(', ');
}

function textOf(split: TrafficSplit): string {
  return JSON.stringify([normalizeTraffic(split.traffic), normalizeTraffic(split.mirror)]);
}
