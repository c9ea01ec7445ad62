/** The single columns of the drift laboratory: how they look, what drift does to them, and at which sizes they are drawn. */
import type { FeatureKind } from '../../../src/domain/drift/dataset-summary.ts';
import { changed, type Draw, equallyOften, heavyTailed, hours, normal, oneDecimal, replaced, zipf } from './draws.ts';

type Sizes = readonly (readonly [reference: number, current: number])[];

export interface Scenario {
  readonly kind: FeatureKind;
  readonly column: string;
  readonly drift: string;
  readonly referenceRows: number;
  readonly currentRows: number;
  readonly draw: Draw;
  readonly moved: Draw;
}

const SMALL: Sizes = [
  [200, 200],
  [1000, 1000],
  [9000, 1000],
];
/** A small window against a long history too, where a new category has few expected rows. */
const UNEVEN: Sizes = [...SMALL, [9000, 200]];
const ALL: Sizes = [...SMALL, [9000, 9000]];
const LARGE: Sizes = [
  [9000, 10_000],
  [9000, 100_000],
];

function column(kind: FeatureKind, name: string, draw: Draw) {
  return (drift: string, moved: Draw, sizes: Sizes): readonly Scenario[] =>
    sizes.map(([referenceRows, currentRows]) => {
      return { kind, column: name, drift, referenceRows, currentRows, draw, moved };
    });
}

const numeric = (name: string, draw: Draw) => column('numerical', name, draw);
const categorical = (name: string, draw: Draw) => column('categorical', name, draw);

/** 30 % larger: what the target for heavy tails is about. */
export const STRETCH = 'x 1.3';
export const HEAVY = 'heavy-tailed';
const WITH_200: Sizes = [[200, 200], [1000, 1000], [9000, 200], [9000, 1000], [9000, 9000], ...LARGE];
const [FIVE, TWENTY, MANY] = [equallyOften(5), zipf(20), zipf(200)];

export const SCENARIOS: readonly Scenario[] = [
  ...numeric('normal', normal)(
    '+0.25 sd',
    changed(normal, (x) => x + 0.25),
    WITH_200,
  ),
  ...numeric(HEAVY, heavyTailed())(
    STRETCH,
    changed(heavyTailed(), (x) => 1.3 * x),
    WITH_200,
  ),
  ...numeric(HEAVY, heavyTailed())('the last 1.5 % x 3', heavyTailed(3), [
    [9000, 1000],
    [9000, 9000],
  ]),
  ...numeric('hours', hours)(
    '+2, no wrap',
    changed(hours, (x) => x + 2),
    [
      [1000, 1000],
      [9000, 10_000],
    ],
  ),
  ...numeric('one decimal', oneDecimal)(
    '+0.3',
    changed(oneDecimal, (x) => x + 0.3),
    [
      [1000, 1000],
      [9000, 10_000],
    ],
  ),
  ...numeric('2 % null', replaced(0.02, null, normal))('6 % null', replaced(0.06, null, normal), UNEVEN),
  ...numeric('constant', () => 5)(
    '5 % other',
    replaced(0.05, 6, () => 5),
    UNEVEN,
  ),
  ...categorical('5 equal', FIVE)('10 % to c4', replaced(0.1, 'c4', FIVE), ALL),
  ...categorical('20 Zipf', TWENTY)('10 % to c4', replaced(0.1, 'c4', TWENTY), [...ALL, ...LARGE]),
  ...categorical('20 Zipf', TWENTY)('5 % new', replaced(0.05, 'new', TWENTY), UNEVEN),
  ...categorical('200 Zipf', MANY)('10 % to c4', replaced(0.1, 'c4', MANY), ALL),
  ...categorical('200 Zipf', MANY)('5 % new', replaced(0.05, 'new', MANY), UNEVEN),
  ...categorical('20 Zipf, 2 % null', replaced(0.02, null, TWENTY))('6 % null', replaced(0.06, null, TWENTY), UNEVEN),
  ...categorical('constant', () => 'c0')(
    '5 % other',
    replaced(0.05, 'c1', () => 'c0'),
    UNEVEN,
  ),
];
