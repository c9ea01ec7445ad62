/** What is too rare to judge is joined, and what is rare but surely moved stays visible. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeRare } from '../../../../src/domain/drift/rare-cells.ts';

const COMMON = { reference: 8900, current: 190 };

test('a new category of ten rows among 200 stands alone, though a few tenths of a row were expected', () => {
  const fresh = { reference: 0, current: 10 };
  expect(mergeRare([COMMON, { reference: 100, current: 2 }, fresh])).toContainEqual(fresh);
});

test('one or two rows of a new category say nothing and join the smallest other cell', () => {
  expect(mergeRare([COMMON, { reference: 400, current: 10 }, { reference: 0, current: 1 }])).toEqual([
    COMMON,
    { reference: 400, current: 11 },
  ]);
});

test('rare categories with enough rows together are one cell', () => {
  const rare = Array.from({ length: 4 }, () => ({ reference: 2, current: 2 }));
  expect(mergeRare([{ reference: 500, current: 500 }, ...rare])).toEqual([
    { reference: 500, current: 500 },
    { reference: 8, current: 8 },
  ]);
});

test('among many rare categories three rows of a new one may be chance', () => {
  const fresh = { reference: 0, current: 3 };
  const others = Array.from({ length: 90 }, () => ({ reference: 1, current: 0 }));
  expect(mergeRare([COMMON, fresh])).toContainEqual(fresh);
  expect(mergeRare([COMMON, ...others, fresh])).not.toContainEqual(fresh);
});

test('no row is lost, in whatever cells it lies', () => {
  const cell = fc.record({ reference: fc.nat(300), current: fc.nat(300) });
  const total = (cells: readonly { reference: number; current: number }[]) => [
    cells.reduce((sum, { reference }) => sum + reference, 0),
    cells.reduce((sum, { current }) => sum + current, 0),
  ];
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
      const [ofReference = 0, ofCurrent = 0] = total(cells);
      fc.pre(ofReference > 0 && ofCurrent > 0);
      expect(total(mergeRare(cells))).toEqual([ofReference, ofCurrent]);
    }),
  );
});
