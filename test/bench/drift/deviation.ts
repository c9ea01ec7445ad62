/** How far the numbers from the product's summaries are from Azure's definitions on the raw values, at most. */
import { azureNumericMetrics } from '../../../src/domain/drift/azure-numeric.ts';
import { collectNumeric } from '../../../src/domain/drift/numeric-summary.ts';
import { createRandom } from '../canary/generator/random.ts';
import { changed, heavyTailed, hours, type NumberDraw, normal, oneDecimal } from './draws.ts';
import { exactMetrics } from './exact-metrics.ts';
import type { Experiment, Figures } from './experiment.ts';

export const DEVIATIONS_OF = ['JS', 'PSI', 'nW', 'nW relative'] as const;

const COLUMNS: readonly (readonly [name: string, draw: NumberDraw, moved: NumberDraw])[] = [
  ['normal', normal, changed(normal, (x) => x + 0.25)],
  ['heavy-tailed', heavyTailed(), changed(heavyTailed(), (x) => 1.3 * x)],
  ['hours', hours, changed(hours, (x) => Math.min(23, x + 1))],
  ['one decimal', oneDecimal, changed(oneDecimal, (x) => Math.round(10 * x + 3) / 10)],
  ['kelvins', changed(normal, (x) => 288 + 0.5 * x), changed(normal, (x) => 288.2 + 0.5 * x)],
];

const SIZES = [
  [9000, 9000, 0.02],
  [9000, 10_000, 0.05],
  [9000, 100_000, 0.02],
] as const;

/** With and without drift in turn. */
export const DEVIATION: readonly Experiment[] = COLUMNS.flatMap(([name, draw, moved], at) =>
  SIZES.map(([referenceRows, currentRows, effort]) => ({
    name: `${name}, ${referenceRows}/${currentRows}`,
    effort,
    joinedBy: 'largest' as const,
    trial: (seed: number) => {
      const random = createRandom(seed, 900 + at);
      const column = (rows: number, of: NumberDraw) => Float64Array.from({ length: rows }, () => of(random));
      return deviationBetween(column(referenceRows, draw), column(currentRows, seed % 2 === 0 ? draw : moved));
    },
  })),
);

function deviationBetween(baseline: Float64Array, production: Float64Array): Figures {
  const exact = exactMetrics(baseline, production);
  const shown = azureNumericMetrics(summaryOf(baseline), summaryOf(production));
  const ofDistance = Math.abs(shown.normalizedWassersteinDistance - exact.normalizedWassersteinDistance);
  return {
    JS: Math.abs(shown.jensenShannonDistance - exact.jensenShannonDistance),
    PSI: Math.abs(shown.populationStabilityIndex - exact.populationStabilityIndex),
    nW: ofDistance,
    'nW relative': ofDistance / exact.normalizedWassersteinDistance,
  };
}

function summaryOf(values: Float64Array) {
  const collector = collectNumeric();
  for (const value of values) collector.add(value);
  return collector.summary();
}
