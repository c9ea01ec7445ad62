/**
 * Decides whether one advanced filter of an event subscription matches an event.
 *
 * 1. Keys and strings compare without regard to case; a key walks into `data` at its dots.
 * 2. The values of a positive operator are alternatives, those of a negative one must all hold.
 * 3. A key that is absent or null matches only IsNullOrUndefined, NumberNotIn and StringNotIn.
 * 4. An array matches nothing, unless the subscription filters on arrays: then any element (negative: every element).
 *
 * Source: Azure Event Grid documentation, "Understand event filtering for Event Grid subscriptions".
 */
import type { AdvancedFilter } from './subscription-schema.ts';

type Operator = AdvancedFilter['operatorType'];
type Test = (value: unknown) => boolean;

const MATCH_ABSENT: ReadonlySet<Operator> = new Set(['NumberNotIn', 'StringNotIn']);

export function matchesAdvancedFilter(
  filter: AdvancedFilter,
  fields: Readonly<Record<string, unknown>>,
  onArrays: boolean,
): boolean {
  const value = lookUp(fields, filter.key);
  const absent = value === undefined || value === null;
  if (filter.operatorType === 'IsNullOrUndefined') return absent;
  if (filter.operatorType === 'IsNotNull') return !absent;
  if (absent) return MATCH_ABSENT.has(filter.operatorType);
  const test = testOf(filter);
  if (!Array.isArray(value)) return test(value);
  if (!onArrays) return false;
  return filter.operatorType.includes('Not') ? value.every(test) : value.some(test);
}

function lookUp(fields: unknown, key: string): unknown {
  let current = fields;
  for (const part of key.split('.')) {
    if (typeof current !== 'object' || current === null || Array.isArray(current)) return undefined;
    const name = Object.keys(current).find((candidate) => candidate.toLowerCase() === part.toLowerCase());
    if (name === undefined) return undefined;
    current = (current as Record<string, unknown>)[name];
  }
  return current;
}

function testOf(filter: AdvancedFilter): Test {
  switch (filter.operatorType) {
    case 'IsNullOrUndefined':
    case 'IsNotNull':
      throw new Error(`${filter.operatorType} looks at presence and has no test of values.`);
    case 'BoolEquals':
      return (value) => value === filter.value;
    case 'NumberIn':
      return number((value) => filter.values.includes(value));
    case 'NumberNotIn':
      return number((value) => !filter.values.includes(value));
    case 'NumberInRange':
      return number((value) => inSomeRange(value, filter.values));
    case 'NumberNotInRange':
      return number((value) => !inSomeRange(value, filter.values));
    case 'NumberLessThan':
      return number((value) => value < filter.value);
    case 'NumberLessThanOrEquals':
      return number((value) => value <= filter.value);
    case 'NumberGreaterThan':
      return number((value) => value > filter.value);
    case 'NumberGreaterThanOrEquals':
      return number((value) => value >= filter.value);
    default:
      return stringTest(filter.operatorType, filter.values);
  }
}

const STRING_TESTS = {
  In: (value: string, wanted: string) => value === wanted,
  Contains: (value: string, wanted: string) => value.includes(wanted),
  BeginsWith: (value: string, wanted: string) => value.startsWith(wanted),
  EndsWith: (value: string, wanted: string) => value.endsWith(wanted),
} as const;

function stringTest(operator: Operator, values: readonly string[]): Test {
  const negative = operator.startsWith('StringNot');
  const kind = operator.slice(negative ? 'StringNot'.length : 'String'.length) as keyof typeof STRING_TESTS;
  const wanted = values.map((value) => value.toLowerCase());
  return (value) => {
    if (typeof value !== 'string') return false;
    const found = wanted.some((one) => STRING_TESTS[kind](value.toLowerCase(), one));
    return found !== negative;
  };
}

/** A value that is no number matches neither an operator nor its negation. */
function number(test: (value: number) => boolean): Test {
  return (value) => typeof value === 'number' && test(value);
}

function inSomeRange(value: number, ranges: readonly (readonly [number, number])[]): boolean {
  return ranges.some(([low, high]) => value >= low && value <= high);
}
