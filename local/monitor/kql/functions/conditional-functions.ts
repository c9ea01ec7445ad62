/** Choices and questions about null: iff, case, coalesce, isnull, isempty, not. A null condition counts as false. */

import { type Bound, derive } from '../binding/bound.ts';
import type { CallSite } from '../binding/scope.ts';
import { semanticError } from '../syntax/kql-error.ts';
import type { Value } from '../types/scalar-type.ts';
import { argument, type ScalarFunction, sharedType, wantType } from './scalar-function.ts';

const MANY = Number.POSITIVE_INFINITY;

export const conditionalFunctions: readonly ScalarFunction[] = [
  { name: 'iff', minArgs: 3, maxArgs: 3, bind: bindCase },
  { name: 'iif', minArgs: 3, maxArgs: 3, bind: bindCase },
  { name: 'case', minArgs: 3, maxArgs: MANY, bind: bindCase },
  { name: 'coalesce', minArgs: 2, maxArgs: 64, bind: bindCoalesce },
  { name: 'not', minArgs: 1, maxArgs: 1, bind: bindNot },
  question('isnull', (value) => value === null),
  question('isnotnull', (value) => value !== null),
  question('isempty', (value) => value === null || value === ''),
  question('isnotempty', (value) => value !== null && value !== ''),
];

/** `iff` is a case with one condition. */
function bindCase(args: readonly Bound[], site: CallSite): Bound {
  if (args.length % 2 === 0) {
    throw semanticError('SEM0001', `${site.name}(): pairs of condition and result, then a result, are needed`, site.at);
  }
  const branches: { readonly when: Bound; readonly result: Bound }[] = [];
  for (let index = 0; index + 1 < args.length; index += 2) {
    const when = wantType(argument(args, index), ['bool'], site);
    branches.push({ when, result: argument(args, index + 1) });
  }
  const otherwise = argument(args, args.length - 1);
  const type = sharedType([...branches.map((branch) => branch.result), otherwise], site);
  return derive(type, args, (row) => {
    for (const branch of branches) {
      if (branch.when.evaluate(row) === true) return branch.result.evaluate(row);
    }
    return otherwise.evaluate(row);
  });
}

function bindCoalesce(args: readonly Bound[], site: CallSite): Bound {
  const type = sharedType(args, site);
  return derive(type, args, (row) => {
    for (const arg of args) {
      const value = arg.evaluate(row);
      if (value !== null && value !== '') return value;
    }
    return type === 'string' ? '' : null;
  });
}

function bindNot(args: readonly Bound[], site: CallSite): Bound {
  const input = wantType(argument(args, 0), ['bool'], site);
  return derive('bool', [input], (row) => {
    const value = input.evaluate(row);
    return value === null ? null : !value;
  });
}

function question(name: string, answer: (value: Value) => boolean): ScalarFunction {
  return {
    name,
    minArgs: 1,
    maxArgs: 1,
    bind: (args) => derive('bool', args, (row) => answer(argument(args, 0).evaluate(row))),
  };
}
