/** Means over all outcomes of small buckets, without chance. */

export interface HitsCase {
  readonly green: number;
  readonly blue: number;
  readonly chance: number;
}

/** Every pair of hits of two independent arms, with its chance. */
export function allHits(ofGreen: number, ofBlue: number, green: number, blue: number): HitsCase[] {
  return range(ofGreen).flatMap((x) =>
    range(ofBlue).map((y) => ({ green: x, blue: y, chance: binomial(ofGreen, x, green) * binomial(ofBlue, y, blue) })),
  );
}

/** The same where both arms answer `n` copies: chances of one copy being a hit of both, of green alone, of blue alone. */
export function allHitsOfCopies(n: number, both: number, greenAlone: number, blueAlone: number): HitsCase[] {
  const cases: HitsCase[] = [];
  for (const x of range(n)) {
    for (const y of range(n - x)) {
      for (const z of range(n - x - y)) {
        const neither = n - x - y - z;
        const ways = factorial(n) / (factorial(x) * factorial(y) * factorial(z) * factorial(neither));
        const chance =
          ways * both ** x * greenAlone ** y * blueAlone ** z * (1 - both - greenAlone - blueAlone) ** neither;
        cases.push({ green: x + y, blue: x + z, chance });
      }
    }
  }
  return cases;
}

export function meanOf(cases: readonly HitsCase[], log: (hits: HitsCase) => number): number {
  return cases.reduce((mean, hits) => mean + hits.chance * Math.exp(log(hits)), 0);
}

export function binomial(n: number, k: number, p: number): number {
  let ways = 1;
  for (let index = 1; index <= k; index++) ways = (ways * (n - k + index)) / index;
  return ways * p ** k * (1 - p) ** (n - k);
}

export function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function range(most: number): number[] {
  return Array.from({ length: most + 1 }, (_, index) => index);
}
