/** Queries that are refused: by which rule, at which place, naming which text. */
import { describe, expect, test } from 'vitest';
import { KqlError, placeOf } from '../../../../local/monitor/kql/syntax/kql-error.ts';
import { query } from './kql-fixture.ts';

function refusal(text: string): KqlError {
  try {
    query(text);
  } catch (error) {
    if (error instanceof KqlError) return error;
    throw error;
  }
  throw new Error(`the query was accepted: ${text}`);
}

describe('syntax that is wrong or outside the subset', () => {
  test.each([
    ['', '<EOF>'],
    ['T | join (T) on I', 'join'],
    ['T | union T', 'union'],
    ['T | project-rename a = I', '-'],
    ['T | foo', 'foo'],
    ['T |', '<EOF>'],
    ['T | where', '<EOF>'],
    ['T | where I > 1 and', '<EOF>'],
    ['T | where (I > 1', '<EOF>'],
    ['T | where I = 1', '='],
    ['T | where 1 < I < 5', '<'],
    ['T | where I == 1 == true', '=='],
    ['T | where not I > 1', 'I'],
    ['T | where Name matches regex "a.*"', 'matches'],
    ['T | where Name == "unterminated', '"'],
    ['T | where Name == "a" "b"', 'b'],
    [String.raw`T | where Name == "a\q"`, String.raw`\q`],
    ['T | where I in ()', ')'],
    ['T | where I in (T | project I)', '|'],
    ['T | where I between (1 and 2)', ')'],
    ['T | where At > datetime(garbage)', 'garbage'],
    ['T | where At > datetime(2026-13-01)', '2026-13-01'],
    ['T | where S > 5parsec', '5parsec'],
    ['T | where I > .5', '.'],
    ['T | where L > 99999999999999999999', '99999999999999999999'],
    ['T | extend a = b = 1', '='],
    ['T | project *', '*'],
    ['T | summarize count() by', '<EOF>'],
    ['T | top 3 by I, L', ','],
    ['T | order I', 'I'],
    ['T | order by I nulls', '<EOF>'],
    ['T; T', 'T'],
    ['let x = 1', '<EOF>'],
    ['let x = 1;', '<EOF>'],
    ['let f = (x: long) { x }; T', ':'],
    ['declare query_parameters(n: long = 1); T | take n', ':'],
    ['print 1', '1'],
    [`T | where ${'('.repeat(200)}1`, '('],
    [`T | where I == 1${' + 1'.repeat(2000)}`, '+'],
    [`T | where B${' or B'.repeat(2000)}`, 'or'],
  ])('%s is refused at %s', (text, token) => {
    expect(refusal(text)).toMatchObject({ kind: 'SyntaxError', code: 'SYN0002', unreadable: { token } });
  });

  test('a query that is too long is refused', () => {
    expect(refusal(`T | where Name == "${'x'.repeat(100_001)}"`).message).toContain('100000 characters');
  });
});

describe('names and types that do not fit', () => {
  test.each([
    ['U | take 1', 'SEM0100', "table or column expression named 'U'"],
    ['t | take 1', 'SEM0100', "named 't'"],
    [
      'T | where name == "x"',
      'SEM0100',
      "'where' operator: Failed to resolve column or scalar expression named 'name'",
    ],
    ['T | project-away Z', 'SEM0100', "named 'Z'"],
    ['T | project I | where L > 1', 'SEM0100', "named 'L'"],
    ['T | extend x = 1, y = x', 'SEM0100', "named 'x'"],
    ['T | where foo(I)', 'SEM0260', "Unknown function: 'foo'"],
    ['T | summarize COUNT()', 'SEM0260', "'COUNT'"],
    ['T | where Name == 1', 'SEM0064', 'types string and long'],
    ['T | where I == "1"', 'SEM0064', 'types int and string'],
    ['T | where At > "2026-01-01"', 'SEM0064', 'types datetime and string'],
    ['T | where Name > "a"', 'SEM0064', 'types string and string'],
    ['T | where S > 1', 'SEM0064', 'types timespan and long'],
    ['T | where I in ("1")', 'SEM0064', 'types int and string'],
    ['T | where I in~ (1)', 'SEM0001', "'in~' compares strings"],
    ['T | where I', 'SEM0001', 'type bool, not int'],
    ['T | where B and Name', 'SEM0001', 'type bool, not string'],
    ['T | where I has "1"', 'SEM0001', "'has'"],
    ['T | project x = B + 1', 'SEM0001', 'between bool and long'],
    ['T | project x = At + At', 'SEM0001', 'between datetime and datetime'],
    ['T | project x = -Name', 'SEM0001', 'type string'],
    ['T | project x = bin(At, 60)', 'SEM0001', 'datetime cannot be binned by a long'],
    ['T | project x = log(Name)', 'SEM0001', 'expected a number'],
    ['T | project x = floor(R)', 'SEM0001', 'expects 2 argument(s), 1 given'],
    ['T | project x = iff(B, 1)', 'SEM0001', 'expects 3'],
    ['T | project x = iff(B, 1, Name)', 'SEM0001', 'long and string'],
    ['T | project x = case(B, 1, 2, 3)', 'SEM0001', 'pairs of condition and result'],
    ['T | project x = ago(5)', 'SEM0001', 'expected timespan'],
    ['T | project x = round(R, I)', 'SEM0001', 'must be a constant'],
    ['T | project x = count()', 'SEM0001', "'count' is not allowed here"],
    ['T | summarize sum(count())', 'SEM0001', "'count' is not allowed here"],
    ['T | summarize x = I', 'SEM0001', "'I' is not inside an aggregate"],
    ['T | summarize x = I + count() by I', 'SEM0001', "'I' is not inside an aggregate"],
    ['T | summarize x = 5', 'SEM0001', 'no aggregate function'],
    ['T | summarize sum(Name)', 'SEM0001', 'type string'],
    ['T | summarize countif(I)', 'SEM0001', 'expected bool'],
    ['T | summarize percentile(I)', 'SEM0001', 'expects 2'],
    ['T | summarize percentile(I, L)', 'SEM0001', 'from 0 to 100'],
    ['T | summarize percentile(I, 101)', 'SEM0001', 'from 0 to 100'],
    ['T | summarize n = count() by n = I', 'SEM0001', "'n' is already declared"],
    ['T | project x = I, x = L', 'SEM0001', "'x' is already declared"],
    ['T | summarize list = make_list(I) | distinct *', 'SEM0001', 'dynamic'],
    ['T | take -1', 'SEM0001', 'whole number'],
    ['T | take 1.5', 'SEM0001', 'whole number'],
    ['T | take I', 'SEM0100', "named 'I'"],
    ['T | project I | extend x = ingestion_time()', 'SEM0001', 'straight from a log table'],
    ['let a = 1; let a = 2; T', 'SEM0001', "'a' has already been declared"],
    ['let a = I; T', 'SEM0100', "'let' operator"],
  ])('%s is refused with %s: %s', (text, code, message) => {
    const error = refusal(text);
    expect(error).toMatchObject({ kind: 'SemanticError', code });
    expect(error.message).toContain(message);
  });
});

test('the place of an error is its line and column', () => {
  const text = 'T\n| where I > 1\n| where Missing > 2';
  expect(placeOf(text, refusal(text).offset)).toEqual({ line: 3, pos: 8 });
});
