/**
 * Parses scalar expressions. From loose to tight: or, and, equality (with in and between), order, sums, products,
 * text operators, sign, primary. Equality, order and text operators do not chain, as in the query language's grammar.
 */
import type { ArithmeticOp, CompareOp, Expr, LogicOp, TextOp } from './ast.ts';
import { parseLiteral } from './parse-literal.ts';
import type { TokenCursor } from './token-cursor.ts';

const MAX_CHAIN = 1000;

type Level = (cursor: TokenCursor) => Expr;

export function parseExpression(cursor: TokenCursor): Expr {
  return cursor.nested(() => parseOr(cursor));
}

const parseProduct: Level = (cursor) => leftToRight(cursor, ['*', '/', '%'], parseText);
const parseSum: Level = (cursor) => leftToRight(cursor, ['+', '-'], parseProduct);
const parseAnd: Level = (cursor) => words(cursor, 'and', parseEquality);
const parseOr: Level = (cursor) => words(cursor, 'or', parseAnd);

function leftToRight(cursor: TokenCursor, ops: readonly ArithmeticOp[], deeper: Level): Expr {
  let left = deeper(cursor);
  for (let length = 0; ; length += 1) {
    const op = ops.find((candidate) => cursor.isSymbol(candidate));
    if (!op) return left;
    boundChain(length, cursor);
    const { at } = cursor.next();
    left = { kind: 'binary', at, op, left, right: deeper(cursor) };
  }
}

function words(cursor: TokenCursor, op: LogicOp, deeper: Level): Expr {
  let left = deeper(cursor);
  for (let length = 0; cursor.isWord(op); length += 1) {
    boundChain(length, cursor);
    const { at } = cursor.next();
    left = { kind: 'binary', at, op, left, right: deeper(cursor) };
  }
  return left;
}

/** A chain becomes as many nested evaluations as it has operators. */
function boundChain(length: number, cursor: TokenCursor): void {
  if (length >= MAX_CHAIN) throw cursor.refusal(`at most ${MAX_CHAIN} operators of one kind can follow each other`);
}

const EQUALITY: Readonly<Record<string, CompareOp>> = { '==': '==', '!=': '!=', '<>': '!=', '=~': '=~', '!~': '!~' };
const ORDER: Readonly<Record<string, CompareOp>> = { '<': '<', '<=': '<=', '>': '>', '>=': '>=' };

function parseEquality(cursor: TokenCursor): Expr {
  const left = parseOrder(cursor);
  const { at, text } = cursor.peek();
  if (cursor.isWord('in') || ['in~', '!in', '!in~'].some((op) => cursor.isSymbol(op))) return parseIn(cursor, left);
  if (cursor.isWord('between') || cursor.isSymbol('!between')) return parseBetween(cursor, left);
  const op = cursor.peek().kind === 'symbol' ? EQUALITY[text] : undefined;
  if (!op) return left;
  cursor.next();
  return { kind: 'binary', at, op, left, right: parseOrder(cursor) };
}

function parseOrder(cursor: TokenCursor): Expr {
  const left = parseSum(cursor);
  const { at, text, kind } = cursor.peek();
  const op = kind === 'symbol' ? ORDER[text] : undefined;
  if (!op) return left;
  cursor.next();
  return { kind: 'binary', at, op, left, right: parseSum(cursor) };
}

function parseIn(cursor: TokenCursor, left: Expr): Expr {
  const { at, text } = cursor.next();
  cursor.expectSymbol('(');
  const items = cursor.list(() => parseExpression(cursor));
  cursor.expectSymbol(')');
  return { kind: 'in', at, negated: text.startsWith('!'), caseSensitive: !text.endsWith('~'), left, items };
}

function parseBetween(cursor: TokenCursor, left: Expr): Expr {
  const { at, text } = cursor.next();
  cursor.expectSymbol('(');
  const from = parseExpression(cursor);
  cursor.expectSymbol('..');
  const to = parseExpression(cursor);
  cursor.expectSymbol(')');
  return { kind: 'between', at, negated: text.startsWith('!'), left, from, to };
}

function parseText(cursor: TokenCursor): Expr {
  const left = parseSign(cursor);
  const { at, text } = cursor.peek();
  const match = /^(!?)(has|contains|startswith|endswith)(_cs)?$/.exec(text);
  if (!match || cursor.peek().kind === 'string') return left;
  cursor.next();
  const right = parseSign(cursor);
  const op = match[2] as TextOp;
  return { kind: 'text', at, op, negated: match[1] === '!', caseSensitive: match[3] === '_cs', left, right };
}

function parseSign(cursor: TokenCursor): Expr {
  const { at } = cursor.peek();
  const negative = cursor.isSymbol('-');
  if (!negative && !cursor.isSymbol('+')) return parsePrimary(cursor);
  cursor.next();
  return { kind: 'sign', at, negative, operand: cursor.nested(() => parseSign(cursor)) };
}

function parsePrimary(cursor: TokenCursor): Expr {
  if (cursor.takeSymbol('(')) {
    const inner = parseExpression(cursor);
    cursor.expectSymbol(')');
    return inner;
  }
  const literal = parseLiteral(cursor.peek());
  if (literal) {
    cursor.next();
    return literal;
  }
  if (cursor.peek().kind !== 'name' || RESERVED.has(cursor.peek().text)) {
    throw cursor.refusal('an expression was expected');
  }
  const { text: name, at } = cursor.next();
  if (!cursor.takeSymbol('(')) return { kind: 'name', at, name };
  const args = cursor.isSymbol(')') ? [] : cursor.list(() => parseExpression(cursor));
  cursor.expectSymbol(')');
  return { kind: 'call', at, name, args };
}

const RESERVED = new Set(['and', 'or', 'in', 'between', 'has', 'contains', 'startswith', 'endswith', 'by', 'let']);
