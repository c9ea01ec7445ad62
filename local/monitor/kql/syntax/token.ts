/** Splits query text into tokens; every character belongs to a token, blank space or a comment, or the query is refused. */
import { syntaxError } from './kql-error.ts';

export type TokenKind = 'name' | 'long' | 'real' | 'timespan' | 'string' | 'typed' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Source text; of a string its content, of a typed literal its type name, of the end an empty text. */
  readonly text: string;
  /** Text between the parentheses of a typed literal such as `datetime(2026-01-01)`. */
  readonly inner?: string;
  readonly at: number;
}

const BLANK = /(?:\s+|\/\/[^\n]*)*/y;
const RULES: readonly (readonly [TokenKind, RegExp])[] = [
  ['typed', /(datetime|date|timespan|time|int|long|real|double|bool)\s*\(([^()]*)\)/y],
  ['timespan', /\d+(?:\.\d+)?[a-z]+(?!\w)/y],
  ['real', /(?:\d+\.(?!\.)\d*(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)(?!\w)/y],
  ['long', /(?:0x[0-9a-fA-F]+|\d+)(?!\w)/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|@"(?:[^"]|"")*"|@'(?:[^']|'')*'/y],
  ['symbol', /!?in~|!(?:in|between|has_cs|has|contains_cs|contains|startswith_cs|startswith|endswith_cs|endswith)\b/y],
  ['name', /[A-Za-z_]\w*/y],
  ['symbol', /=~|!~|==|!=|<>|<=|>=|\.\.|[-+*/%<>=(),|;]/y],
];

export function tokenize(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skipBlank(query, 0);
  while (at < query.length) {
    const [token, end] = nextToken(query, at);
    tokens.push(token);
    at = skipBlank(query, end);
  }
  tokens.push({ kind: 'end', text: '', at: query.length });
  return tokens;
}

function skipBlank(query: string, at: number): number {
  BLANK.lastIndex = at;
  BLANK.exec(query);
  return BLANK.lastIndex;
}

function nextToken(query: string, at: number): readonly [Token, number] {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = at;
    const match = rule.exec(query);
    if (!match) continue;
    const end = rule.lastIndex;
    if (kind === 'typed') return [{ kind, text: match[1] ?? '', inner: match[2] ?? '', at }, end];
    if (kind === 'string') return [{ kind, text: stringContent(match[0], at), at }, end];
    return [{ kind, text: match[0], at }, end];
  }
  throw syntaxError(query.slice(at, at + 1), at, 'this character starts no known token');
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

function stringContent(source: string, at: number): string {
  if (source.startsWith('@')) {
    const quote = source.charAt(1);
    return source.slice(2, -1).replaceAll(quote + quote, quote);
  }
  return source.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|.)/g, (whole, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const plain = ESCAPES[code];
    if (plain === undefined) throw syntaxError(whole, at, 'this escape sequence is unknown');
    return plain;
  });
}
