/** Text functions: strcat, strlen, substring, tolower, toupper. */
import { type Bound, derive } from '../binding/bound.ts';
import type { CallSite } from '../binding/scope.ts';
import { textOf } from '../types/text-form.ts';
import { argument, type ScalarFunction, wantType } from './scalar-function.ts';

export const textFunctions: readonly ScalarFunction[] = [
  { name: 'strcat', minArgs: 1, maxArgs: 64, bind: bindConcatenation },
  { name: 'strlen', minArgs: 1, maxArgs: 1, naming: 'prefixed', bind: bindLength },
  { name: 'substring', minArgs: 2, maxArgs: 3, bind: bindSubstring },
  changeCase('tolower', (text) => text.toLowerCase()),
  changeCase('toupper', (text) => text.toUpperCase()),
];

function bindConcatenation(args: readonly Bound[]): Bound {
  return derive('string', args, (row) => args.map((arg) => textOf(arg.evaluate(row), arg.type)).join(''));
}

function bindLength(args: readonly Bound[], site: CallSite): Bound {
  const text = wantType(argument(args, 0), ['string'], site);
  return derive('long', [text], (row) => String(text.evaluate(row) ?? '').length);
}

function bindSubstring(args: readonly Bound[], site: CallSite): Bound {
  const text = wantType(argument(args, 0), ['string'], site);
  const start = wantType(argument(args, 1), ['int', 'long'], site);
  const length = args[2] ? wantType(args[2], ['int', 'long'], site) : undefined;
  return derive('string', args, (row) => {
    const from = Math.max(0, Number(start.evaluate(row) ?? 0));
    const count = length ? Math.max(0, Number(length.evaluate(row) ?? 0)) : Number.POSITIVE_INFINITY;
    return String(text.evaluate(row) ?? '').slice(from, from + count);
  });
}

function changeCase(name: string, change: (text: string) => string): ScalarFunction {
  return {
    name,
    minArgs: 1,
    maxArgs: 1,
    bind(args, site) {
      const text = wantType(argument(args, 0), ['string'], site);
      return derive('string', [text], (row) => change(String(text.evaluate(row) ?? '')));
    },
  };
}
