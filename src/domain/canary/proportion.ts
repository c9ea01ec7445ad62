/** Compares two shares of requests by the Agresti-Caffo interval (Agresti & Caffo, The American Statistician 54(4), 2000). */

export interface Proportion {
  readonly hits: number;
  readonly of: number;
}

/** Estimate and standard error of `a - b`, one success and one failure added to each side. */
export function compareProportions(
  a: Proportion,
  b: Proportion,
): { readonly difference: number; readonly error: number } {
  const pa = (a.hits + 1) / (a.of + 2);
  const pb = (b.hits + 1) / (b.of + 2);
  const error = Math.sqrt((pa * (1 - pa)) / (a.of + 2) + (pb * (1 - pb)) / (b.of + 2));
  return { difference: pa - pb, error };
}

/** Standard normal quantiles in use: 1 in 2,000 for harm, since a rollout is looked at often; 1 in 20 for harmlessness. */
export const Z_HARM = 3.29;
export const Z_HARMLESS = 1.645;
