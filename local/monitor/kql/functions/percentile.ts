/** Nearest-rank percentile: the smallest value that at least the given share of the values does not exceed. */

import { type Bound, constantValue } from '../binding/bound.ts';
import type { BoundAggregate } from '../binding/bound-aggregate.ts';
import type { CallSite } from '../binding/scope.ts';
import { semanticError } from '../syntax/kql-error.ts';
import { argument, wantNumber, wantType } from './scalar-function.ts';

export function bindPercentile(args: readonly Bound[], site: CallSite): BoundAggregate {
  const value = wantType(argument(args, 0), ['int', 'long', 'real', 'timespan', 'datetime'], site);
  const rank = wantNumber(argument(args, 1), site);
  const percent = rank.constant ? constantValue(rank) : null;
  if (typeof percent !== 'number' || !(percent >= 0 && percent <= 100)) {
    throw semanticError('SEM0001', `${site.name}(): the percentile must be a constant from 0 to 100`, site.at);
  }
  return {
    type: value.type === 'int' ? 'long' : value.type,
    create() {
      const cells: number[] = [];
      return {
        add(row) {
          const cell = value.evaluate(row);
          if (typeof cell === 'number') cells.push(cell);
        },
        result: () => nearestRank(cells, percent),
      };
    },
  };
}

/** Null over no values. */
export function nearestRank(cells: readonly number[], percent: number): number | null {
  const sorted = Float64Array.from(cells).sort();
  const index = Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1);
  return sorted[index] ?? null;
}
