/** Whatever text arrives, it is answered or refused; and grouping agrees with counting one by one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KqlError } from '../../../../local/monitor/kql/syntax/kql-error.ts';
import { NOW_MS, query } from './kql-fixture.ts';

const WORDS = [
  ...[
    'T',
    '|',
    'where',
    'extend',
    'project',
    '-',
    'away',
    'summarize',
    'by',
    'order',
    'top',
    'take',
    'count',
    'distinct',
  ],
  ...[
    'let',
    ';',
    '=',
    'x',
    'I',
    'R',
    'S',
    'At',
    'Name',
    'B',
    '(',
    ')',
    ',',
    '..',
    'and',
    'or',
    'in',
    '!in~',
    'between',
  ],
  ...['==', '!=', '<', '>=', '+', '*', '/', '%', '1', '2.5', '2s', '"a"', 'datetime(2026-01-01)', 'int(null)', 'true'],
  ...['bin(At, 1s)', 'count()', 'avg(', 'percentile(I, 95)', 'iff(', 'log(', 'has', 'asc', 'nulls', 'first', 'now()'],
];

test('any sequence of words is answered or refused with a place inside the text', () => {
  const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 14 });
  const property = fc.property(words, fc.constantFrom('T | ', 'T | where ', 'T | summarize ', ''), (list, start) => {
    const text = start + list.join(' ');
    try {
      return query(text).columns.length >= 0;
    } catch (error) {
      if (!(error instanceof KqlError)) throw error;
      return error.offset >= 0 && error.offset <= text.length;
    }
  });
  fc.assert(property, { numRuns: 3000, seed: 7 });
});

test('groups over random rows hold as many rows as a count by hand', () => {
  const row = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b', ''), fc.option(fc.boolean()));
  const property = fc.property(fc.array(row, { maxLength: 60 }), (list) => {
    const rows = list.map(([i, name, b]) => [NOW_MS, name, i, i, i, b, 0, NOW_MS]);
    const expected = new Map<string, number>();
    for (const [i, name, b] of list) {
      const key = JSON.stringify([i, name, b]);
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    const answer = query('T | summarize n = count() by I, Name, B', rows).rows;
    expect(new Map(answer.map((cells) => [JSON.stringify(cells.slice(0, 3)), cells[3]]))).toEqual(expected);
  });
  fc.assert(property, { numRuns: 200, seed: 7 });
});

test('fifty thousand rows are grouped by four keys without a wait', () => {
  const rows = Array.from({ length: 50_000 }, (_, index) => {
    return [NOW_MS + index * 10, `d${index % 3}`, index % 7, index % 2, index % 900, index % 50 === 0, 0, NOW_MS];
  });
  const startedMs = performance.now();
  const answer = query('T | summarize count(), countif(B), avg(R), percentile(R, 95) by Name, I, L, bin(At, 1m)', rows);
  const elapsedMs = performance.now() - startedMs;
  expect(answer.rows.reduce((sum, row) => sum + Number(row[4]), 0)).toBe(50_000);
  // Usually 30 to 60 ms; the bound only tells a linear from a quadratic plan on a busy machine.
  expect(elapsedMs).toBeLessThan(3000);
});
