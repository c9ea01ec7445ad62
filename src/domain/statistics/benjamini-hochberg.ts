/** Benjamini and Hochberg (1995): which of several hypotheses are rejected with a bounded share of false ones. */

/** The adjusted p-values in the order given: a hypothesis is rejected at level q when its value is at most q. */
export function adjustedPValues(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
  const adjusted = pValues.map(() => 1);
  let least = 1;
  for (const [place, { p, index }] of order.entries()) {
    const rank = pValues.length - place;
    least = Math.min(least, (p * pValues.length) / rank);
    adjusted[index] = least;
  }
  return adjusted;
}
