/** Turns literal tokens into typed values, or refuses them where they stand. */

import { parseDateTime } from '../types/date-time.ts';
import type { ScalarType, Value } from '../types/scalar-type.ts';
import { parseTimeSpan, parseUnitSpan } from '../types/time-span.ts';
import type { Expr } from './ast.ts';
import { syntaxError } from './kql-error.ts';
import type { Token } from './token.ts';

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

/** The literal that `token` is, or undefined when it is something else. */
export function parseLiteral(token: Token): Expr | undefined {
  const literal = (type: ScalarType, value: Value): Expr => ({ kind: 'literal', at: token.at, type, value });
  switch (token.kind) {
    case 'string':
      return literal('string', token.text);
    case 'long':
      return literal('long', wholeNumber(token.text, token));
    case 'real':
      return literal('real', Number(token.text));
    case 'timespan':
      return literal('timespan', parseUnitSpan(token.text) ?? refuse(token, token.text));
    case 'typed':
      return typedLiteral(token);
    case 'name': {
      const flag = Object.hasOwn(BOOLEANS, token.text) ? BOOLEANS[token.text] : undefined;
      return flag === undefined ? undefined : literal('bool', flag);
    }
    default:
      return undefined;
  }
}

function typedLiteral(token: Token): Expr {
  const inner = unquoted((token.inner ?? '').trim());
  const type = TYPE_OF[token.text] ?? 'long';
  const value = inner === 'null' ? null : typedValue(type, inner, token);
  return { kind: 'literal', at: token.at, type, value };
}

const TYPE_OF: Readonly<Record<string, ScalarType>> = {
  datetime: 'datetime',
  date: 'datetime',
  timespan: 'timespan',
  time: 'timespan',
  int: 'int',
  long: 'long',
  real: 'real',
  double: 'real',
  bool: 'bool',
};

function typedValue(type: ScalarType, inner: string, token: Token): Value {
  switch (type) {
    case 'datetime':
      return parseDateTime(inner) ?? refuse(token, inner);
    case 'timespan':
      return parseTimeSpan(inner) ?? refuse(token, inner);
    case 'bool':
      return BOOLEANS[inner] ?? refuse(token, inner);
    case 'real':
      return realNumber(inner, token);
    default:
      return wholeNumber(inner, token);
  }
}

function realNumber(inner: string, token: Token): number {
  const special: Readonly<Record<string, number>> = {
    nan: Number.NaN,
    '+inf': Number.POSITIVE_INFINITY,
    '-inf': Number.NEGATIVE_INFINITY,
  };
  if (Object.hasOwn(special, inner)) return special[inner] ?? Number.NaN;
  if (!/^-?\d+(\.\d*)?([eE][+-]?\d+)?$/.test(inner)) return refuse(token, inner);
  return Number(inner);
}

function wholeNumber(text: string, token: Token): number {
  const value = /^-?(\d+|0x[0-9a-fA-F]+)$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw syntaxError(text, token.at, 'whole numbers are limited to 53 bits here');
}

function unquoted(text: string): string {
  return /^"[^"]*"$|^'[^']*'$/.test(text) ? text.slice(1, -1) : text;
}

function refuse(token: Token, text: string): never {
  throw syntaxError(text, token.at, `this is no valid ${token.kind === 'typed' ? token.text : token.kind} literal`);
}
