/** What the query operators do with rows. */
import { describe, expect, test } from 'vitest';
import { query } from './kql-fixture.ts';

function cells(text: string): unknown {
  return query(text).rows;
}

describe('where, extend and project', () => {
  test('where drops rows whose condition is false or null', () => {
    expect(cells('T | where I > 1 | project I')).toEqual([[2], [4]]);
    expect(cells('T | where I != 1 | project I')).toEqual([[2], [4], [null]]);
  });

  test('several operators work on what the ones before left', () => {
    expect(cells('T | where B | extend twice = I * 2 | where twice > 2 | project Name, twice')).toEqual([
      ['flights-green', 8],
    ]);
  });

  test('extend replaces a column of the same name where it stands', () => {
    expect(query('T | project Name, I | extend Name = I | take 1')).toMatchObject({
      columns: [
        { name: 'Name', type: 'int' },
        { name: 'I', type: 'int' },
      ],
      rows: [[1, 1]],
    });
  });

  test('a replaced column keeps its old value inside the same extend', () => {
    expect(cells('T | take 1 | project I | extend I = I + 1, J = I')).toEqual([[2, 1]]);
  });

  test('project-away removes columns and leaves the others in order', () => {
    const { columns } = query('T | project-away At, Name, B, S');
    expect(columns.map(({ name }) => name)).toEqual(['I', 'L', 'R']);
  });
});

describe('let', () => {
  test('a scalar variable can use earlier ones and is hidden by a column of its name', () => {
    expect(cells('let a = 1; let b = a + 2; T | where L > 30 | project x = b')).toEqual([[3]]);
    expect(cells('let I = 100; T | take 1 | project I')).toEqual([[1]]);
  });

  test('a tabular variable is a query of its own', () => {
    expect(cells('let big = T | where L >= 20; big | where B | project L')).toEqual([[40]]);
    expect(cells('let all = T; all | count')).toEqual([[4]]);
  });

  test('times and durations can be variables', () => {
    const text = `let from = datetime(2026-01-01T00:00:01Z); let width = 2s;
      T | where At between (from .. width) // both ends
      | summarize n = count() by bin(At, width)`;
    expect(cells(text)).toEqual([
      ['2026-01-01T00:00:00Z', 1],
      ['2026-01-01T00:00:02Z', 1],
    ]);
  });
});

describe('order, top and take', () => {
  test('the default order is descending with nulls last', () => {
    expect(cells('T | order by I | project I')).toEqual([[4], [2], [1], [null]]);
  });

  test('ascending order puts nulls first unless told otherwise', () => {
    expect(cells('T | sort by I asc | project I')).toEqual([[null], [1], [2], [4]]);
    expect(cells('T | sort by I asc nulls last | project I')).toEqual([[1], [2], [4], [null]]);
  });

  test('later keys decide between equals', () => {
    expect(cells('T | where isnotempty(Name) | order by Name asc, L desc | project L')).toEqual([[10], [40], [20]]);
  });

  test('top keeps the first rows of an order and take any rows', () => {
    expect(cells('T | top 2 by L | project L')).toEqual([[40], [20]]);
    expect(cells('let n = 3; T | limit n | count')).toEqual([[3]]);
    expect(cells('T | take 0')).toEqual([]);
  });
});

describe('summarize, distinct and count', () => {
  test('aggregates ignore nulls, count does not', () => {
    const text = 'T | summarize count(), countif(B), sum(I), avg(R), min(L), max(At), dcount(Name), sumif(L, B)';
    expect(cells(text)).toEqual([[4, 2, 7, 3.5 / 3, 10, '2026-01-01T00:00:05Z', 3, 50]]);
  });

  test('over no rows there is one group without keys and none with keys', () => {
    expect(cells('T | where I > 99 | summarize count(), sum(I), avg(I), max(I), percentile(I, 95)')).toEqual([
      [0, 0, null, null, null],
    ]);
    expect(cells('T | where I > 99 | summarize count() by Name')).toEqual([]);
  });

  test('groups are made by several expressions, null being a group', () => {
    expect(cells('T | summarize n = count() by Name, big = L > 15 | order by Name asc, big asc')).toEqual([
      ['', null, 1],
      ['flights-blue', false, 1],
      ['flights-green', true, 2],
    ]);
  });

  test('expressions around aggregates follow the type rules', () => {
    const text = 'T | summarize whole = countif(B) / count(), share = 1.0 * countif(B) / count(), r = round(avg(L), 1)';
    expect(cells(text)).toEqual([[0, 0.5, 23.3]]);
  });

  test('percentiles are nearest ranks', () => {
    expect(cells('T | summarize percentile(L, 50), percentiles(R, 0, 100), p = percentile(S, 95)')).toEqual([
      [20, -0.5, 2.5, '00:00:02'],
    ]);
  });

  test('make_list gathers values as JSON', () => {
    expect(cells('T | summarize make_list(I)')).toEqual([['[1,2,4]']]);
  });

  test('ingestion times can be aggregated', () => {
    const text = 'T | summarize last = max(ingestion_time()), lag = avg(ingestion_time() - At)';
    expect(cells(text)).toEqual([['2026-01-01T00:01:03Z', '00:00:59.2500000']]);
  });

  test('distinct keeps each combination once', () => {
    expect(cells('T | distinct Name')).toEqual([['flights-blue'], ['flights-green'], ['']]);
    expect(cells('T | project B | distinct * | count')).toEqual([[3]]);
    expect(cells('T | summarize by Name | count')).toEqual([[3]]);
  });
});
