/** Decides which deployment answers a request, and which one gets a copy of it. */
import type { EndpointRouting } from '../../seams/serving-plane.ts';

/** Uniform in [0, 1). */
export type RandomSource = () => number;

/** By weight; undefined when no deployment has any. */
export function chooseByWeight(traffic: EndpointRouting['traffic'], random: RandomSource): string | undefined {
  const weighted = Object.entries(traffic).filter(([, percent]) => percent > 0);
  const total = weighted.reduce((sum, [, percent]) => sum + percent, 0);
  let left = random() * total;
  for (const [name, percent] of weighted) {
    left -= percent;
    if (left < 0) return name;
  }
  return undefined;
}

/** The shadow deployment that gets a copy of a request which `served` answers, if this request is one of its share. */
export function chooseMirror(
  mirrorTraffic: EndpointRouting['mirrorTraffic'],
  served: string,
  random: RandomSource,
): string | undefined {
  const [shadow] = Object.entries(mirrorTraffic).filter(([name, percent]) => percent > 0 && name !== served);
  return shadow && random() * 100 < shadow[1] ? shadow[0] : undefined;
}
