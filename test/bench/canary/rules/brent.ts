/** Finds a root of a function by Brent's method; of a step function it returns the side of the jump nearer to zero. */

/** Where the search stands: `b` is the best root so far, `c` lies on the other side of it, `a` is the last `b`. */
interface Search {
  a: number;
  b: number;
  c: number;
  fa: number;
  fb: number;
  fc: number;
  /** Last step and the one before it. */
  step: number;
  lastStep: number;
}

const MOST_STEPS = 1000;
const MACHINE = 2 ** -52;

/**
 * Brent, "Algorithms for Minimization without Derivatives" (1973), procedure zero: `low` and `high` must lie on different
 * sides of a root. Bisection would end on either side of a jump by chance; a rank test between tied samples is full of jumps.
 */
export function brentRoot(f: (x: number) => number, low: number, high: number, tolerance: number): number {
  const search: Search = { a: low, b: high, c: low, fa: f(low), fb: f(high), fc: 0, step: high - low, lastStep: 0 };
  search.fc = search.fa;
  search.lastStep = search.step;
  for (let count = 0; count < MOST_STEPS; count++) {
    if (Math.abs(search.fc) < Math.abs(search.fb)) swapBest(search);
    const nearest = 2 * MACHINE * Math.abs(search.b) + tolerance;
    const half = (search.c - search.b) / 2;
    if (Math.abs(half) <= nearest || search.fb === 0) break;
    chooseStep(search, half, nearest);
    search.a = search.b;
    search.fa = search.fb;
    search.b += Math.abs(search.step) > nearest ? search.step : Math.sign(half) * nearest;
    search.fb = f(search.b);
    if (search.fb > 0 === search.fc > 0) {
      search.c = search.a;
      search.fc = search.fa;
      search.step = search.lastStep = search.b - search.a;
    }
  }
  return search.b;
}

function swapBest(search: Search): void {
  search.a = search.b;
  search.b = search.c;
  search.c = search.a;
  search.fa = search.fb;
  search.fb = search.fc;
  search.fc = search.fa;
}

/** Interpolates where that goes well, and halves otherwise. */
function chooseStep(search: Search, half: number, nearest: number): void {
  const before = search.lastStep;
  search.lastStep = search.step;
  if (Math.abs(before) >= nearest && Math.abs(search.fa) > Math.abs(search.fb)) {
    const { p, q } = interpolation(search, half);
    if (2 * p < 3 * half * q - Math.abs(nearest * q) && p < Math.abs(0.5 * before * q)) {
      search.step = p / q;
      return;
    }
  }
  search.step = search.lastStep = half;
}

/** Secant, or inverse quadratic where three points are known; the step is p / q with p at least 0. */
function interpolation({ a, b, c, fa, fb, fc }: Search, half: number): { p: number; q: number } {
  const s = fb / fa;
  let p = 2 * half * s;
  let q = 1 - s;
  if (a !== c) {
    const ratio = fa / fc;
    const r = fb / fc;
    p = s * (2 * half * ratio * (ratio - r) - (b - a) * (r - 1));
    q = (ratio - 1) * (r - 1) * (s - 1);
  }
  return p > 0 ? { p, q: -q } : { p: -p, q };
}
