/** Parses one operator after a `|`; an operator outside the subset is refused by its name. */
import type { NamedExpr, NameRef, Operator, SortKey } from './ast.ts';
import { parseExpression } from './parse-expression.ts';
import type { TokenCursor } from './token-cursor.ts';

const PARSERS: Readonly<Record<string, (cursor: TokenCursor) => Operator>> = {
  where: (cursor) => ({ kind: 'where', predicate: parseExpression(cursor) }),
  filter: (cursor) => ({ kind: 'where', predicate: parseExpression(cursor) }),
  extend: (cursor) => ({ kind: 'extend', columns: namedList(cursor) }),
  project: parseProject,
  summarize: parseSummarize,
  distinct: (cursor) => ({ kind: 'distinct', columns: cursor.takeSymbol('*') ? '*' : namedList(cursor) }),
  order: parseOrderBy,
  sort: parseOrderBy,
  take: (cursor) => ({ kind: 'take', count: parseExpression(cursor) }),
  limit: (cursor) => ({ kind: 'take', count: parseExpression(cursor) }),
  top: parseTop,
  count: () => ({ kind: 'count' }),
};

export function parseOperator(cursor: TokenCursor): Operator {
  const { text, kind } = cursor.peek();
  const parser = kind === 'name' && Object.hasOwn(PARSERS, text) ? PARSERS[text] : undefined;
  if (!parser) throw cursor.refusal('this is no query operator of the supported subset');
  cursor.next();
  return parser(cursor);
}

function namedList(cursor: TokenCursor): NamedExpr[] {
  return cursor.list(() => parseNamed(cursor));
}

function parseNamed(cursor: TokenCursor): NamedExpr {
  const { at } = cursor.peek();
  const isNamed = cursor.peek().kind === 'name' && cursor.isSymbol('=', 1);
  const name = isNamed ? cursor.next().text : undefined;
  if (isNamed) cursor.expectSymbol('=');
  return { name, expr: parseExpression(cursor), at };
}

/** The name `project-away` reaches the parser as three tokens without space between them. */
function parseProject(cursor: TokenCursor): Operator {
  if (!cursor.isSymbol('-')) return { kind: 'project', columns: namedList(cursor) };
  if (!cursor.isWord('away', 1)) throw cursor.refusal('this is no query operator of the supported subset');
  cursor.next();
  cursor.next();
  const names = cursor.list((): NameRef => {
    const { text: name, at } = cursor.expectName();
    return { name, at };
  });
  return { kind: 'project-away', names };
}

function parseSummarize(cursor: TokenCursor): Operator {
  const aggregates = cursor.isWord('by') ? [] : namedList(cursor);
  const keys = cursor.takeWord('by') ? namedList(cursor) : [];
  return { kind: 'summarize', aggregates, keys };
}

function parseOrderBy(cursor: TokenCursor): Operator {
  cursor.expectWord('by');
  return { kind: 'order', keys: cursor.list(() => parseSortKey(cursor)) };
}

function parseTop(cursor: TokenCursor): Operator {
  const count = parseExpression(cursor);
  cursor.expectWord('by');
  return { kind: 'top', count, key: parseSortKey(cursor) };
}

/** Descending is the default; nulls come last when descending and first when ascending unless the query says so. */
function parseSortKey(cursor: TokenCursor): SortKey {
  const expr = parseExpression(cursor);
  const ascending = cursor.takeWord('asc');
  if (!ascending) cursor.takeWord('desc');
  if (!cursor.takeWord('nulls')) return { expr, descending: !ascending, nullsFirst: ascending };
  const nullsFirst = cursor.takeWord('first');
  if (!nullsFirst) cursor.expectWord('last');
  return { expr, descending: !ascending, nullsFirst };
}
