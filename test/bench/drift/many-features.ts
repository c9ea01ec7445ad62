/** Twenty features at once: what the adjustment of Benjamini and Hochberg makes of many chances for a false alarm. */
import { compareDatasets } from '../../../src/domain/drift/compare-datasets.ts';
import {
  collectDataset,
  type DatasetSummary,
  type FeatureKind,
  type FeatureKinds,
} from '../../../src/domain/drift/dataset-summary.ts';
import { DRIFT_DEFAULTS, type FeatureDrift } from '../../../src/domain/drift/drift-report.ts';
import { createRandom, type Random } from '../canary/generator/random.ts';
import { changed, type Draw, heavyTailed, normal, zipf } from './draws.ts';
import type { Experiment, Figures } from './experiment.ts';

/** The threshold of 0.1 is the one that Azure's tools propose: nW of numeric features, JS of categories. */
export const SELECTIONS = ['calibrated', 'calibrated, not adjusted', 'Azure nW, JS > 0.1'] as const;
export type Selection = (typeof SELECTIONS)[number];
export type Quantity = 'any false' | 'false share' | 'false share squared' | 'moved found';

export function figureOf(selection: Selection, quantity: Quantity): string {
  return `${quantity}: ${selection}`;
}

export const MOVED_FEATURES = 2;

interface Feature {
  readonly kind: FeatureKind;
  readonly draw: Draw;
  readonly moved: Draw;
}

const NORMAL: Feature = { kind: 'numerical', draw: normal, moved: changed(normal, (x) => x + 0.25) };
const HEAVY: Feature = { kind: 'numerical', draw: heavyTailed(), moved: changed(heavyTailed(), (x) => 1.3 * x) };
const CATEGORIES: Feature = { kind: 'categorical', draw: zipf(20), moved: zipf(20) };

/** The first two are those that move. */
const FEATURES: readonly Feature[] = [
  NORMAL,
  HEAVY,
  ...Array.from({ length: 6 }, () => [NORMAL, HEAVY, CATEGORIES]),
].flat();
const KINDS: FeatureKinds = Object.fromEntries(FEATURES.map(({ kind }, index) => [`f${index}`, kind]));

const SIZES = [
  [200, 200, 1.5],
  [1000, 1000, 0.4],
  [9000, 1000, 0.1],
] as const;

export const MANY_FEATURES: readonly Experiment[] = [0, MOVED_FEATURES].flatMap((moved) =>
  SIZES.map(([referenceRows, currentRows, effort]) => ({
    name: `${moved} of ${FEATURES.length} moved, ${referenceRows}/${currentRows}`,
    effort,
    joinedBy: 'sum' as const,
    trial: (seed: number) => {
      const random = createRandom(seed, 500 + moved);
      const reference = summarise(referenceRows, random, 0);
      return selected(reference, summarise(currentRows, random, moved), moved);
    },
  })),
);

function summarise(rows: number, random: Random, moved: number): DatasetSummary {
  const collector = collectDataset(KINDS);
  const draws = FEATURES.map(({ draw, moved: after }, index) => (index < moved ? after : draw));
  for (let row = 0; row < rows; row += 1) {
    collector.add(Object.fromEntries(draws.map((draw, index) => [`f${index}`, draw(random)])));
  }
  return collector.summary();
}

function selected(reference: DatasetSummary, current: DatasetSummary, moved: number): Figures {
  const { features } = compareDatasets(reference, current);
  const isMoved = ({ feature }: FeatureDrift) => Number(feature.slice(1)) < moved;
  const figures: Record<string, number> = {};
  for (const selection of SELECTIONS) {
    const found = features.filter((feature) => isSelected(selection, feature));
    const right = found.filter(isMoved).length;
    const falseShare = found.length === 0 ? 0 : (found.length - right) / found.length;
    figures[figureOf(selection, 'any false')] = found.length > right ? 1 : 0;
    figures[figureOf(selection, 'false share')] = falseShare;
    figures[figureOf(selection, 'false share squared')] = falseShare ** 2;
    figures[figureOf(selection, 'moved found')] = right;
  }
  return figures;
}

function isSelected(selection: Selection, { verdict, pValue, index, azure }: FeatureDrift): boolean {
  if (selection === 'calibrated') return verdict === 'drifted';
  const { level, leastIndex } = DRIFT_DEFAULTS;
  if (selection === 'calibrated, not adjusted') return (pValue ?? 1) <= level && (index ?? 0) > leastIndex;
  if (!azure) return false;
  return (
    ('normalizedWassersteinDistance' in azure ? azure.normalizedWassersteinDistance : azure.jensenShannonDistance) > 0.1
  );
}
