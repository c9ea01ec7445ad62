/** Conversions between types; a value that cannot be converted becomes null. */
import { type Bound, derive } from '../binding/bound.ts';
import type { CallSite } from '../binding/scope.ts';
import { parseDateTime } from '../types/date-time.ts';
import type { ScalarType, Value } from '../types/scalar-type.ts';
import { textOf } from '../types/text-form.ts';
import { argument, type ScalarFunction, wantType } from './scalar-function.ts';

export const conversionFunctions: readonly ScalarFunction[] = [
  conversion('toint', 'int', (value) => wholeNumber(value, -(2 ** 31), 2 ** 31 - 1)),
  conversion('tolong', 'long', (value) => wholeNumber(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)),
  conversion('toreal', 'real', realNumber),
  conversion('todouble', 'real', realNumber),
  { name: 'tostring', minArgs: 1, maxArgs: 1, naming: 'first-argument', bind: bindToString },
  { name: 'todatetime', minArgs: 1, maxArgs: 1, naming: 'first-argument', bind: bindToDateTime },
];

function conversion(name: string, type: ScalarType, convert: (value: Value) => number | null): ScalarFunction {
  return {
    name,
    minArgs: 1,
    maxArgs: 1,
    naming: 'first-argument',
    bind(args, site) {
      const input = wantType(argument(args, 0), ['bool', 'int', 'long', 'real', 'string'], site);
      return derive(type, [input], (row) => convert(input.evaluate(row)));
    },
  };
}

/** Fractions are cut off, not rounded. */
function wholeNumber(value: Value, lowest: number, highest: number): number | null {
  const text = typeof value === 'string' && !/^\s*[+-]?\d+\s*$/.test(value);
  const number = text ? null : realNumber(value);
  if (number === null || Number.isNaN(number)) return null;
  const whole = Math.trunc(number) + 0;
  return whole >= lowest && whole <= highest ? whole : null;
}

function realNumber(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return null;
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value) ? Number(value) : null;
}

function bindToString(args: readonly Bound[]): Bound {
  const input = argument(args, 0);
  return derive('string', [input], (row) => textOf(input.evaluate(row), input.type));
}

function bindToDateTime(args: readonly Bound[], site: CallSite): Bound {
  const input = wantType(argument(args, 0), ['datetime', 'string'], site);
  return derive('datetime', [input], (row) => {
    const value = input.evaluate(row);
    return typeof value === 'string' ? (parseDateTime(value) ?? null) : value;
  });
}
