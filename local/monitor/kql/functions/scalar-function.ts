/** The shape of a built-in scalar function and the checks its arguments share. */

import type { Bound } from '../binding/bound.ts';
import type { CallSite } from '../binding/scope.ts';
import { semanticError } from '../syntax/kql-error.ts';
import { commonType, isNumeric, type ScalarType } from '../types/scalar-type.ts';

export interface ScalarFunction {
  readonly name: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Column name of an unnamed call: that of its first argument, that with a prefix, or none. */
  readonly naming?: 'first-argument' | 'prefixed';
  bind(args: readonly Bound[], site: CallSite): Bound;
}

/** The argument at `index`; the count was checked before. */
export function argument(args: readonly Bound[], index: number): Bound {
  const found = args[index];
  if (!found) throw new Error(`argument ${index} was not checked`);
  return found;
}

export function wantType(bound: Bound, allowed: readonly ScalarType[], site: CallSite): Bound {
  if (allowed.includes(bound.type)) return bound;
  const message = `${site.name}(): the argument is of type ${bound.type}, expected ${allowed.join(' or ')}`;
  throw semanticError('SEM0001', message, site.at);
}

export function wantNumber(bound: Bound, site: CallSite): Bound {
  if (isNumeric(bound.type)) return bound;
  const message = `${site.name}(): the argument is of type ${bound.type}, expected a number`;
  throw semanticError('SEM0001', message, site.at);
}

/** The one type of all results of a conditional function. */
export function sharedType(results: readonly Bound[], site: CallSite): ScalarType {
  let type = argument(results, 0).type;
  for (const result of results) {
    const wider = commonType(type, result.type);
    if (!wider) {
      const message = `${site.name}(): the results have the types ${type} and ${result.type}, they must agree`;
      throw semanticError('SEM0001', message, site.at);
    }
    type = wider;
  }
  return type;
}
