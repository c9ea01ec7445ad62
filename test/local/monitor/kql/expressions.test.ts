/** Values of scalar expressions, after the examples and rules of the Kusto documentation. */
import { describe, expect, test } from 'vitest';
import { columnsOf, evaluate } from './kql-fixture.ts';

describe('arithmetic', () => {
  test.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 2 - 3', 5],
    ['1 / 2', 0],
    ['-7 / 2', -3],
    ['1 / 2.0', 0.5],
    ['real(1) / 2', 0.5],
    ['I / 2', 0],
    ['R / 2', 0.75],
    ['5 % 3', 2],
    ['-5 % 3', 1],
    ['5.5 % 2', 1.5],
    ['1 / 0', null],
    ['1.0 / 0', 'Infinity'],
    ['0.0 / 0', 'NaN'],
    ['1 % 0', null],
    ['- I', -1],
    ['--3', 3],
    ['+2', 2],
    ['0x1F', 31],
    ['1e3', 1000],
    ['1 + int(null)', null],
  ])('%s is %s', (expression, value) => expect(evaluate(expression)).toBe(value));
});

describe('dates and durations', () => {
  test.each([
    ['datetime(2026-01-01T00:10:00Z) - datetime(2026-01-01)', '00:10:00'],
    ['datetime(2026-01-01 10:00) + 1.5h', '2026-01-01T11:30:00Z'],
    ['1h + datetime(2026-01-01)', '2026-01-01T01:00:00Z'],
    ['datetime(2026-01-01T00:00:00.25Z)', '2026-01-01T00:00:00.25Z'],
    ['datetime("2026-01-01T02:00:00+02:00")', '2026-01-01T00:00:00Z'],
    ['datetime(null)', null],
    ['10m / 1s', 600],
    ['1s * 5', '00:00:05'],
    ['2.5 * 2s', '00:00:05'],
    ['1h / 4', '00:15:00'],
    ['90s % 1m', '00:00:30'],
    ['1d - 25h', '-01:00:00'],
    ['timespan(1.02:03:04.5)', '1.02:03:04.5000000'],
    ['3ms', '00:00:00.0030000'],
    ['7microseconds', '00:00:00.0000070'],
    ['-2s', '-00:00:02'],
    ['now()', '2026-01-01T12:00:00Z'],
    ['now(-1d)', '2025-12-31T12:00:00Z'],
    ['ago(90m)', '2026-01-01T10:30:00Z'],
    ['ingestion_time()', '2026-01-01T00:01:00Z'],
    ['todatetime("2026-02-30")', null],
    ['todatetime("2026-02-28")', '2026-02-28T00:00:00Z'],
    ['tostring(datetime(2026-01-01))', '2026-01-01T00:00:00.0000000Z'],
  ])('%s is %s', (expression, value) => expect(evaluate(expression)).toBe(value));
});

describe('binning', () => {
  test.each([
    ['bin(datetime(2026-01-01T00:00:03.7Z), 2s)', '2026-01-01T00:00:02Z'],
    ['bin(datetime(2026-01-01T00:00:03Z), 1d)', '2026-01-01T00:00:00Z'],
    // Weeks count from Monday, 1 January of year 1; the Unix epoch was a Thursday.
    ['bin(datetime(2026-01-01), 7d)', '2025-12-29T00:00:00Z'],
    ['bin(5s, 2s)', '00:00:04'],
    ['bin(4.5, 1)', 4],
    ['floor(-4.5, 1)', -5],
    ['floor(7, 5)', 5],
    ['bin(7, 0)', null],
    ['bin(7.5, 0.5)', 7.5],
  ])('%s is %s', (expression, value) => expect(evaluate(expression)).toBe(value));
});

describe('mathematics', () => {
  test.each([
    ['log(exp(1))', 1],
    ['log2(8)', 3],
    ['log10(1000)', 3],
    ['log(0)', '-Infinity'],
    ['log(-1)', null],
    ['sqrt(16)', 4],
    ['sqrt(-1)', null],
    ['pow(2, 10)', 1024],
    ['abs(-3)', 3],
    ['abs(-2s)', '00:00:02'],
    ['round(2.345, 2)', 2.35],
    ['round(-2.5)', -3],
    ['round(1234, -2)', 1200],
    ['exp(0)', 1],
  ])('%s is %s', (expression, value) => expect(evaluate(expression)).toBe(value));
});

describe('comparison and logic with nulls', () => {
  test.each([
    ['1 == 1.0', true],
    ['1 <> 2', true],
    ['2 >= 3', false],
    ['int(null) == 1', false],
    ['int(null) != 1', true],
    ['int(null) == int(null)', null],
    ['int(null) < 1', null],
    ['int(null) < 1 and false', false],
    ['int(null) < 1 or true', true],
    ['int(null) < 1 and true', null],
    ['not(int(null) < 1)', null],
    ['false or true and false', false],
    ['"a" == "A"', false],
    ['"a" =~ "A"', true],
    ['"a" !~ "A"', false],
    ['true == false', false],
    ['2 > 1 == true', true],
    ['isnull(int(null))', true],
    ['isnull("")', false],
    ['isnotnull(1)', true],
    ['isempty("")', true],
    ['isempty(int(null))', true],
    ['isnotempty("x")', true],
    ['coalesce(int(null), 3)', 3],
    ['coalesce("", "x")', 'x'],
    ['iff(int(null) > 1, "yes", "no")', 'no'],
    ['iif(1 > 0, 1, 2.5)', 1],
    ['case(1 > 2, "a", 2 > 1, "b", "c")', 'b'],
    ['case(1 > 2, "a", 2 > 3, "b", "c")', 'c'],
  ])('%s is %s', (expression, value) => expect(evaluate(expression)).toBe(value));
});

describe('membership and text', () => {
  test.each([
    ['1 in (2, 1.0)', true],
    ['1 !in (2, 3)', true],
    ['int(null) in (1)', false],
    ['"x" in ("X")', false],
    ['"x" in~ ("X")', true],
    ['"x" !in~ ("X")', false],
    ['"x" in (Name, "y")', false],
    ['5 between (1 .. 5)', true],
    ['5 !between (1..4)', true],
    ['int(null) between (1 .. 2)', null],
    ['datetime(2026-01-01T00:30:00Z) between (datetime(2026-01-01) .. 1h)', true],
    ['Name has "BLUE"', true],
    ['Name has "blu"', false],
    ['Name has_cs "BLUE"', false],
    ['Name !has "green"', true],
    ['"a_b" has "a"', true],
    ['"ab cab" has "cab"', true],
    ['Name contains "ghts-B"', true],
    ['Name contains_cs "ghts-B"', false],
    ['Name startswith "FLIGHTS"', true],
    ['Name !startswith "FLIGHTS"', false],
    ['Name endswith "blue"', true],
    ['strcat("a", 1, 1.5, true, 2s)', 'a11.5true00:00:02'],
    ['strlen("abc")', 3],
    ['substring("abcdef", 2)', 'cdef'],
    ['substring("abcdef", 2, 3)', 'cde'],
    ['tolower("AbC")', 'abc'],
    ['toupper("AbC")', 'ABC'],
    [String.raw`'it\'s'`, "it's"],
    [String.raw`"tab\there"`, 'tab\there'],
    [String.raw`@"c:\new"`, String.raw`c:\new`],
    ['@"say ""hi"""', 'say "hi"'],
  ])('%s is %s', (expression, value) => expect(evaluate(expression)).toBe(value));
});

describe('conversions', () => {
  test.each([
    ['toint(2.9)', 2],
    ['toint(-2.9)', -2],
    ['toint("12")', 12],
    ['toint("12.5")', null],
    ['toint("twelve")', null],
    ['toint(3000000000)', null],
    ['tolong(3000000000)', 3_000_000_000],
    ['tolong(true)', 1],
    ['toreal("1.5e2")', 150],
    ['todouble(3)', 3],
    ['tostring(1.5)', '1.5'],
    ['tostring(int(null))', ''],
    ['tostring(2s)', '00:00:02'],
  ])('%s is %s', (expression, value) => expect(evaluate(expression)).toBe(value));
});

describe('types of results', () => {
  // Reference: the types that the public query analyser (@kusto/language-service-next 12.4.1) infers.
  test.each([
    ['I + I', 'long'],
    ['-I', 'long'],
    ['I * 1.5', 'real'],
    ['L / I', 'long'],
    ['R % 2', 'real'],
    ['At - At', 'timespan'],
    ['At + S', 'datetime'],
    ['S / S', 'real'],
    ['S * 2.5', 'timespan'],
    ['S % 1h', 'timespan'],
    ['iff(B, 1, I)', 'long'],
    ['iff(B, I, int(3))', 'int'],
    ['case(B, 1, I > 1, 2.5, 3)', 'real'],
    ['coalesce(I, 1)', 'long'],
    ['bin(I, 2)', 'long'],
    ['bin(I, 2.0)', 'real'],
    ['bin(S, 1h)', 'timespan'],
    ['abs(I)', 'long'],
    ['round(I)', 'int'],
    ['round(R, 1)', 'real'],
    ['log(I)', 'real'],
    ['toint(R)', 'int'],
    ['strlen(Name)', 'long'],
    ['I between (1 .. 2)', 'bool'],
  ])('%s is of type %s', (expression, type) => expect(columnsOf(`T | project x = ${expression}`)).toBe(`x:${type}`));
});
