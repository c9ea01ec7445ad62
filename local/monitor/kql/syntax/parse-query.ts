/** Parses a whole query: let statements, then exactly one pipeline. */

import type { Expr, LetStatement, NameRef, Operator, Pipeline, Query } from './ast.ts';
import { syntaxError } from './kql-error.ts';
import { parseExpression } from './parse-expression.ts';
import { parseOperator } from './parse-operator.ts';
import { tokenize } from './token.ts';
import { TokenCursor } from './token-cursor.ts';

const MAX_QUERY_CHARACTERS = 100_000;

/** Fails with a KqlError that names the offending text and its place. */
export function parseQuery(text: string): Query {
  if (text.length > MAX_QUERY_CHARACTERS) {
    throw syntaxError('<EOF>', MAX_QUERY_CHARACTERS, `a query has at most ${MAX_QUERY_CHARACTERS} characters here`);
  }
  const cursor = new TokenCursor(tokenize(text));
  const lets: LetStatement[] = [];
  while (cursor.isWord('let')) lets.push(parseLet(cursor));
  const pipeline = parsePipeline(cursor, sourceName(cursor));
  cursor.takeSymbol(';');
  if (cursor.peek().kind !== 'end') throw cursor.refusal('the end of the query was expected');
  return { lets, pipeline };
}

function parseLet(cursor: TokenCursor): LetStatement {
  cursor.expectWord('let');
  const { text: name, at } = cursor.expectName();
  cursor.expectSymbol('=');
  const expr = parseExpression(cursor);
  const value = cursor.isSymbol('|')
    ? ({ kind: 'table', table: parsePipeline(cursor, asSource(expr, cursor)) } as const)
    : ({ kind: 'scalar', expr } as const);
  cursor.expectSymbol(';');
  return { name, at, value };
}

function asSource(expr: Expr, cursor: TokenCursor): NameRef {
  if (expr.kind !== 'name') throw cursor.refusal('only a table name can be piped');
  return { name: expr.name, at: expr.at };
}

function sourceName(cursor: TokenCursor): NameRef {
  const { text: name, at } = cursor.expectName();
  return { name, at };
}

function parsePipeline(cursor: TokenCursor, source: NameRef): Pipeline {
  const operators: Operator[] = [];
  while (cursor.takeSymbol('|')) operators.push(parseOperator(cursor));
  return { source, operators };
}
