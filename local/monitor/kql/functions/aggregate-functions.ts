/**
 * Every aggregate function of the subset by its case-sensitive name. Nulls are ignored; over no values counts and sums
 * are 0, a list is empty and everything else null. dcount and percentile are exact here; the service estimates them.
 */
import type { Bound } from '../binding/bound.ts';
import type { BoundAggregate } from '../binding/bound-aggregate.ts';
import type { CallSite } from '../binding/scope.ts';
import type { ScalarType, Value } from '../types/scalar-type.ts';
import type { AggregateFunction } from './aggregate-function.ts';
import { bindPercentile } from './percentile.ts';
import { argument, wantType } from './scalar-function.ts';

const SUMMABLE: readonly ScalarType[] = ['int', 'long', 'real', 'timespan'];
const ORDERED: readonly ScalarType[] = ['int', 'long', 'real', 'timespan', 'datetime'];

const DEFINITIONS: readonly AggregateFunction[] = [
  { name: 'count', prefix: 'count', minArgs: 0, maxArgs: 0, bind: () => counting(() => true) },
  { name: 'countif', prefix: 'countif', minArgs: 1, maxArgs: 1, bind: (args, site) => countWhen(args, site) },
  { name: 'sum', prefix: 'sum', minArgs: 1, maxArgs: 1, bind: bindSum },
  { name: 'sumif', prefix: 'sumif', minArgs: 2, maxArgs: 2, bind: bindSum },
  { name: 'avg', prefix: 'avg', minArgs: 1, maxArgs: 1, bind: bindAverage },
  { name: 'min', prefix: 'min', minArgs: 1, maxArgs: 1, bind: (args, site) => extreme(args, site, (a, b) => a < b) },
  { name: 'max', prefix: 'max', minArgs: 1, maxArgs: 1, bind: (args, site) => extreme(args, site, (a, b) => a > b) },
  { name: 'dcount', prefix: 'dcount', minArgs: 1, maxArgs: 1, bind: bindDistinctCount },
  { name: 'percentile', prefix: 'percentile', minArgs: 2, maxArgs: 2, bind: bindPercentile },
  { name: 'make_list', prefix: 'list', minArgs: 1, maxArgs: 1, bind: bindList },
];

export const aggregateFunctions: ReadonlyMap<string, AggregateFunction> = new Map(
  DEFINITIONS.map((definition) => [definition.name, definition]),
);

function counting(counts: Bound['evaluate']): BoundAggregate {
  return {
    type: 'long',
    create() {
      let count = 0;
      return {
        add(row) {
          if (counts(row) === true) count += 1;
        },
        result: () => count,
      };
    },
  };
}

function countWhen(args: readonly Bound[], site: CallSite): BoundAggregate {
  return counting(wantType(argument(args, 0), ['bool'], site).evaluate);
}

/** Runs `step` over the values that are not null; `sumif` passes its condition as the second argument. */
function folding<S>(
  type: ScalarType,
  value: Bound,
  fold: { start: () => S; step: (state: S, value: number) => S; end: (state: S) => Value },
): BoundAggregate {
  return {
    type,
    create() {
      let state = fold.start();
      return {
        add(row) {
          const cell = value.evaluate(row);
          if (typeof cell === 'number') state = fold.step(state, cell);
        },
        result: () => fold.end(state),
      };
    },
  };
}

function bindSum(args: readonly Bound[], site: CallSite): BoundAggregate {
  const value = wantType(argument(args, 0), SUMMABLE, site);
  const condition = args[1] ? wantType(args[1], ['bool'], site) : undefined;
  const counted: Bound = condition
    ? { ...value, evaluate: (row) => (condition.evaluate(row) === true ? value.evaluate(row) : null) }
    : value;
  const type = value.type === 'int' ? 'long' : value.type;
  return folding<number>(type, counted, { start: () => 0, step: (sum, cell) => sum + cell, end: (sum) => sum });
}

function bindAverage(args: readonly Bound[], site: CallSite): BoundAggregate {
  const value = wantType(argument(args, 0), SUMMABLE, site);
  return folding(value.type === 'timespan' ? 'timespan' : 'real', value, {
    start: () => ({ sum: 0, count: 0 }),
    step(state, cell) {
      state.sum += cell;
      state.count += 1;
      return state;
    },
    end: ({ sum, count }) => (count === 0 ? null : sum / count),
  });
}

function extreme(args: readonly Bound[], site: CallSite, better: (a: number, b: number) => boolean): BoundAggregate {
  const value = wantType(argument(args, 0), ORDERED, site);
  return folding<number | null>(value.type, value, {
    start: () => null,
    step: (best, cell) => (best === null || better(cell, best) ? cell : best),
    end: (best) => best,
  });
}

function bindDistinctCount(args: readonly Bound[], site: CallSite): BoundAggregate {
  const value = wantType(argument(args, 0), [...ORDERED, 'string', 'bool'], site);
  return {
    type: 'long',
    create() {
      const seen = new Set<Value>();
      return { add: (row) => void seen.add(value.evaluate(row)), result: () => seen.size - Number(seen.has(null)) };
    },
  };
}

function bindList(args: readonly Bound[]): BoundAggregate {
  const value = argument(args, 0);
  return {
    type: 'dynamic',
    create() {
      const cells: Value[] = [];
      return {
        add(row) {
          const cell = value.evaluate(row);
          if (cell !== null) cells.push(cell);
        },
        result: () => cells,
      };
    },
  };
}
