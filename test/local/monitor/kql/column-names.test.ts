/** Names of columns that a query leaves unnamed; reference: the public query analyser (@kusto/language-service-next 12.4.1). */
import { expect, test } from 'vitest';
import { columnsOf } from './kql-fixture.ts';

test.each([
  ['summarize count() by bin(At, 2s)', 'At:datetime count_:long'],
  ['summarize count(), count(), countif(B), countif(I > 2)', 'count_:long count_1:long countif_B:long countif_:long'],
  ['summarize avg(I), sum(I), sum(R), sumif(I, B)', 'avg_I:real sum_I:long sum_R:real sumif_I:long'],
  ['summarize min(I), max(At), dcount(Name)', 'min_I:int max_At:datetime dcount_Name:long'],
  ['summarize percentile(I, 95), percentile(R, 99.9)', 'percentile_I_95:long percentile_R_99_9:real'],
  [
    'summarize percentile(I, 95), percentiles(I, 50, 95)',
    'percentile_I_95:long percentile_I_50:long percentile_I_951:long',
  ],
  ['summarize a = percentiles(I, 5, 50)', 'a:long percentile_I_50:long'],
  ['summarize avg(I + 1), 1.0 * countif(B) / count()', 'avg_:real Column1:real'],
  ['summarize max(todouble(I)), round(avg(R), 2)', 'max_I:real avg_R:real'],
  ['summarize max(ingestion_time())', 'max_$IngestionTime:datetime'],
  ['summarize make_list(I)', 'list_I:dynamic'],
  ['summarize by tostring(I), I + 1, floor(R, 1)', 'I:string Column1:long R:real'],
  [
    'project bin(At, 1s), I + 1, log(R), strcat(Name, "x"), toint(R)',
    'At:datetime Column1:long R:real Column2:string R1:int',
  ],
  ['project strlen(Name), 1, "x", now()', 'strlen_Name:long Column1:long Column2:string Column3:datetime'],
  ['project I, L | extend log(L), I + 1, tostring(I), bin(I, 5)', 'I:long L:real Column1:long'],
  ['count', 'Count:long'],
  ['distinct Name, I + 1', 'Name:string Column1:long'],
])('T | %s has the columns %s', (operators, columns) => {
  expect(columnsOf(`T | ${operators}`)).toBe(columns);
});
