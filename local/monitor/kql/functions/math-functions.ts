/** Mathematical functions and binning. Logarithms of zero are -Infinity, of negative numbers null. */

import { type Bound, constantValue, mapNumber, mapNumbers } from '../binding/bound.ts';
import type { CallSite } from '../binding/scope.ts';
import { semanticError } from '../syntax/kql-error.ts';
import { commonType, isNumeric, type ScalarType, type Value } from '../types/scalar-type.ts';
import { argument, type ScalarFunction, wantNumber, wantType } from './scalar-function.ts';

export const mathFunctions: readonly ScalarFunction[] = [
  real('log', (value) => (value < 0 ? null : Math.log(value))),
  real('log2', (value) => (value < 0 ? null : Math.log2(value))),
  real('log10', (value) => (value < 0 ? null : Math.log10(value))),
  real('sqrt', (value) => (value < 0 ? null : Math.sqrt(value))),
  real('exp', Math.exp),
  {
    name: 'pow',
    minArgs: 2,
    maxArgs: 2,
    naming: 'first-argument',
    bind: (args, site) =>
      mapNumbers('real', wantNumber(argument(args, 0), site), wantNumber(argument(args, 1), site), Math.pow),
  },
  { name: 'abs', minArgs: 1, maxArgs: 1, naming: 'first-argument', bind: bindAbs },
  { name: 'round', minArgs: 1, maxArgs: 2, naming: 'first-argument', bind: bindRound },
  { name: 'bin', minArgs: 2, maxArgs: 2, naming: 'first-argument', bind: bindBin },
  { name: 'floor', minArgs: 2, maxArgs: 2, naming: 'first-argument', bind: bindBin },
];

function real(name: string, apply: (value: number) => Value): ScalarFunction {
  return {
    name,
    minArgs: 1,
    maxArgs: 1,
    naming: 'first-argument',
    bind: (args, site) => mapNumber('real', wantNumber(argument(args, 0), site), apply),
  };
}

function bindAbs(args: readonly Bound[], site: CallSite): Bound {
  const value = wantType(argument(args, 0), ['int', 'long', 'real', 'timespan'], site);
  return mapNumber(value.type === 'int' ? 'long' : value.type, value, Math.abs);
}

/** Halves round away from zero. */
function bindRound(args: readonly Bound[], site: CallSite): Bound {
  const value = wantNumber(argument(args, 0), site);
  const precision = args[1] ? wantType(args[1], ['int', 'long'], site) : undefined;
  if (precision && !precision.constant) {
    throw semanticError('SEM0001', 'round(): the precision must be a constant', site.at);
  }
  const factor = 10 ** Number(precision ? constantValue(precision) : 0);
  return mapNumber(value.type, value, (number) => {
    const scaled = Math.round(Math.abs(number) * factor) / factor;
    return number < 0 ? 0 - scaled : scaled;
  });
}

/** Bins of a datetime count from year 1, not from the Unix epoch, which shows for widths such as 7d. */
const YEAR_ONE_MS = 62_135_596_800_000;

function bindBin(args: readonly Bound[], site: CallSite): Bound {
  const [value, width] = [argument(args, 0), argument(args, 1)];
  const type = binType(value.type, width.type);
  if (!type) {
    const message = `${site.name}(): a ${value.type} cannot be binned by a ${width.type}`;
    throw semanticError('SEM0001', message, site.at);
  }
  const origin = type === 'datetime' ? YEAR_ONE_MS : 0;
  return mapNumbers(type, value, width, (number, size) => {
    return size > 0 ? Math.floor((number + origin) / size) * size - origin : null;
  });
}

function binType(value: ScalarType, width: ScalarType): ScalarType | undefined {
  if (value === 'datetime' || value === 'timespan') return width === 'timespan' ? value : undefined;
  return isNumeric(value) && isNumeric(width) ? (commonType(value, width) === 'real' ? 'real' : 'long') : undefined;
}
