/** Text operators. Without `_cs` they ignore case; `has` looks for whole terms, runs of letters and digits. */

import { type Bound, derive } from '../binding/bound.ts';
import type { Expr, TextOp } from '../syntax/ast.ts';
import { semanticError } from '../syntax/kql-error.ts';

const MATCH: Readonly<Record<TextOp, (text: string, part: string) => boolean>> = {
  has: hasTerm,
  contains: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
};

export function bindTextMatch(expr: Extract<Expr, { kind: 'text' }>, left: Bound, right: Bound): Bound {
  if (left.type !== 'string' || right.type !== 'string') {
    const message = `The operator '${expr.op}' is not defined for the types ${left.type} and ${right.type}`;
    throw semanticError('SEM0001', message, expr.at);
  }
  const match = MATCH[expr.op];
  const form = (value: unknown) => (expr.caseSensitive ? String(value) : String(value).toLowerCase());
  return derive('bool', [left, right], (row) => {
    return match(form(left.evaluate(row) ?? ''), form(right.evaluate(row) ?? '')) !== expr.negated;
  });
}

const TERM_CHARACTER = /[\p{L}\p{N}]/u;

function hasTerm(text: string, part: string): boolean {
  if (part === '') return true;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    if (isEdge(text, at - 1, part.charAt(0)) && isEdge(text, at + part.length, part.charAt(part.length - 1)))
      return true;
  }
  return false;
}

/** True when a term that ends with `inner` does not go on at `outside`. */
function isEdge(text: string, outside: number, inner: string): boolean {
  return !(TERM_CHARACTER.test(inner) && TERM_CHARACTER.test(text.charAt(outside)));
}
