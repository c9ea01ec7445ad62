/** Seeded random numbers: the same seed gives the same rollout on every machine. */

export interface Random {
  /** Uniform on (0, 1). */
  uniform(): number;
  normal(): number;
  binomial(n: number, p: number): number;
  poisson(mean: number): number;
  /** 1, 2, 3, ... with the given mean. */
  geometric(mean: number): number;
}

/** Small fast counter generator sfc32 (Doty-Humphrey, PractRand), seeded from two numbers. */
export function createRandom(seed: number, stream: number): Random {
  let a = seed | 0;
  let b = stream | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let warm = 0; warm < 20; warm++) next();
  const uniform = (): number => (next() + 0.5) / 4294967296;
  let spare: number | null = null;
  const normal = (): number => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal, ...countsOf(uniform) };
}

function countsOf(uniform: () => number): Pick<Random, 'binomial' | 'poisson' | 'geometric'> {
  const geometric = (mean: number): number =>
    mean <= 1 ? 1 : 1 + Math.floor(Math.log(uniform()) / Math.log(1 - 1 / mean));
  /** Jumps from success to success, so the cost grows with the successes only. */
  const binomial = (n: number, p: number): number => {
    if (p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - binomial(n, 1 - p);
    const logMiss = Math.log1p(-p);
    let hits = -1;
    for (let at = 0; at <= n; hits++) at += 1 + Math.floor(Math.log(uniform()) / logMiss);
    return hits;
  };
  const poisson = (mean: number): number => {
    let events = -1;
    for (let time = 0; time <= mean; events++) time -= Math.log(uniform());
    return events;
  };
  return { geometric, binomial, poisson };
}
