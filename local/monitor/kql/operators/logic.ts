/** `and` and `or` over bool with null as "unknown": false decides `and`, true decides `or`, else null stays null. */

import { type Bound, derive } from '../binding/bound.ts';
import type { LogicOp } from '../syntax/ast.ts';
import { semanticError } from '../syntax/kql-error.ts';

export function bindLogic(op: LogicOp, at: number, left: Bound, right: Bound): Bound {
  for (const side of [left, right]) {
    if (side.type === 'bool') continue;
    throw semanticError('SEM0001', `'${op}' needs values of type bool, not ${side.type}`, at);
  }
  const decisive = op === 'or';
  return derive('bool', [left, right], (row) => {
    const first = left.evaluate(row);
    if (first === decisive) return decisive;
    const second = right.evaluate(row);
    if (second === decisive) return decisive;
    return first === null || second === null ? null : !decisive;
  });
}
