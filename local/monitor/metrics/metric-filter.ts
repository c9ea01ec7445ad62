/**
 * Parses `$filter`: comparisons `dimension eq 'value'` joined by `and`, where alternatives of the same dimension are
 * joined by `or` ("Metrics - List" of the Azure Monitor REST reference). `'*'` splits by every value.
 */
import { MetricsProblem } from './metrics-problem.ts';

export interface DimensionFilter {
  readonly dimension: string;
  /** Lower-cased accepted values; undefined accepts all. */
  readonly values: ReadonlySet<string> | undefined;
}

interface Comparison {
  readonly dimension: string;
  readonly value: string;
}

const MAX_CHARACTERS = 2000;
const TOKEN = /\s*(?:'((?:[^']|'')*)'|([A-Za-z_]\w*)|([()]))/y;

type Token = { readonly kind: 'value' | 'word' | 'parenthesis'; readonly text: string };

/** Each dimension appears once, with all its alternatives. */
export function parseMetricFilter(filter: string): readonly DimensionFilter[] {
  if (filter.length > MAX_CHARACTERS)
    throw invalid(filter.slice(0, 50), `it is longer than ${MAX_CHARACTERS} characters`);
  const tokens = tokenize(filter);
  const groups: Comparison[][] = [];
  do groups.push(alternatives(tokens, filter));
  while (takeWord(tokens, 'and'));
  if (tokens.length > 0) throw invalid(filter, `'${tokens[0]?.text}' was not expected`);
  return groups.map((group) => toFilter(group, groups, filter));
}

function tokenize(filter: string): Token[] {
  const tokens: Token[] = [];
  const text = filter.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw invalid(filter, `position ${at} cannot be read`);
    const [, value, word, parenthesis] = match;
    if (value !== undefined) tokens.push({ kind: 'value', text: value.replaceAll("''", "'") });
    else tokens.push({ kind: word === undefined ? 'parenthesis' : 'word', text: word ?? parenthesis ?? '' });
  }
  return tokens;
}

function alternatives(tokens: Token[], filter: string): Comparison[] {
  if (tokens[0]?.text !== '(' || tokens[0].kind !== 'parenthesis') return comparisons(tokens, filter);
  tokens.shift();
  const inner = comparisons(tokens, filter);
  if (tokens.shift()?.text !== ')') throw invalid(filter, "')' is missing");
  return inner;
}

function comparisons(tokens: Token[], filter: string): Comparison[] {
  const found = [comparison(tokens, filter)];
  while (takeWord(tokens, 'or')) found.push(comparison(tokens, filter));
  return found;
}

function comparison(tokens: Token[], filter: string): Comparison {
  const [dimension, operator, value] = tokens.splice(0, 3);
  if (dimension?.kind === 'word' && operator?.text.toLowerCase() === 'eq' && value?.kind === 'value') {
    return { dimension: dimension.text, value: value.text };
  }
  throw invalid(filter, "comparisons have the form: dimension eq 'value'");
}

function takeWord(tokens: Token[], word: string): boolean {
  if (tokens[0]?.kind !== 'word' || tokens[0].text.toLowerCase() !== word) return false;
  tokens.shift();
  return true;
}

function toFilter(group: readonly Comparison[], groups: readonly Comparison[][], filter: string): DimensionFilter {
  const names = new Set(group.map(({ dimension }) => dimension.toLowerCase()));
  const [dimension = ''] = names;
  if (names.size > 1) throw invalid(filter, "'or' cannot join different dimensions");
  const uses = groups.filter((other) => other[0]?.dimension.toLowerCase() === dimension);
  if (uses.length > 1) throw invalid(filter, `the dimension '${dimension}' appears twice`);
  const all = group.some(({ value }) => value === '*');
  return { dimension, values: all ? undefined : new Set(group.map(({ value }) => value.toLowerCase())) };
}

function invalid(filter: string, why: string): MetricsProblem {
  return new MetricsProblem(`The filter "${filter}" is invalid: ${why}.`);
}
