/** Which of several e-values may be named as discoveries. */

/**
 * The names whose false-discovery rate is at most `rate` under any dependence: e-BH of Wang & Ramdas (arXiv 2009.02824)
 * on the logarithms of current e-values.
 */
export function namedByEvidence<Name extends string>(
  logs: Readonly<Partial<Record<Name, number>>>,
  rate: number,
): Name[] {
  const ranked = (Object.entries(logs) as [Name, number][]).sort((a, b) => b[1] - a[1]);
  const named = ranked.findLastIndex(([, log], index) => log >= Math.log(ranked.length / ((index + 1) * rate)));
  return ranked.slice(0, named + 1).map(([name]) => name);
}
