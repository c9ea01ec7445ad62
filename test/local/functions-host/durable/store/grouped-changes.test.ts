/** Changes of one partition share transactions without losing order, wholeness or each other's failures. */
import { expect, test } from 'vitest';
import {
  GroupedChanges,
  type RowChange,
} from '../../../../../local/functions-host/durable/store/tables/grouped-changes.ts';
import type { Row } from '../../../../../local/functions-host/durable/store/tables/history-rows.ts';

const row = (rowKey: string, text = ''): Row => ({ partitionKey: 'p', rowKey, Body: text });
const change = (put: string, remove: readonly string[] = []): RowChange => ({ puts: [row(put)], deletes: remove });

/** Records transactions as lists of row keys; `refuse` names the row that makes a transaction fail. */
function recording(refuse?: string) {
  const written: string[][] = [];
  const changes = new GroupedChanges(async (partitionKey, { puts, deletes }) => {
    const keys = [...puts.map(({ rowKey }) => `+${rowKey}`), ...deletes.map((key) => `-${key}`)];
    await Promise.resolve();
    if (refuse !== undefined && keys.includes(refuse)) throw new Error(`refused ${partitionKey}`);
    written.push(keys);
  });
  return { written, changes };
}

test('changes that arrive during a write are written together in the next one', async () => {
  const { written, changes } = recording();
  await Promise.all(['a', 'b', 'c'].map((key) => changes.submit('p', change(key, [`old-${key}`]))));
  expect(written).toEqual([
    ['+a', '-old-a'],
    ['+b', '+c', '-old-b', '-old-c'],
  ]);
});

test('partitions do not wait for each other and are not mixed', async () => {
  const { written, changes } = recording();
  await Promise.all(['p', 'q'].map((partition) => changes.submit(partition, change('a'))));
  expect(written).toEqual([['+a'], ['+a']]);
});

test('a row that is put and then removed is in two transactions, in this order', async () => {
  const { written, changes } = recording();
  await Promise.all([
    changes.submit('p', change('first')),
    changes.submit('p', change('a')),
    changes.submit('p', { puts: [], deletes: ['a'] }),
  ]);
  expect(written).toEqual([['+first'], ['+a'], ['-a']]);
});

test('a transaction holds at most a hundred rows and never part of a change', async () => {
  const { written, changes } = recording();
  const keys = Array.from({ length: 102 }, (_, index) => `k${index}`);
  await Promise.all(keys.map((key) => changes.submit('p', change(key, [`old-${key}`]))));
  expect(written.map((keysOfOne) => keysOfOne.length)).toEqual([2, 100, 100, 2]);
});

test('large rows are spread over several transactions', async () => {
  const { written, changes } = recording();
  const large = (key: string): RowChange => ({ puts: [row(key, 'x'.repeat(700_000))], deletes: [] });
  await Promise.all(['a', 'b', 'c', 'd'].map((key) => changes.submit('p', large(key))));
  expect(written).toEqual([['+a'], ['+b', '+c'], ['+d']]);
});

test('a change that the service refuses fails alone', async () => {
  const { written, changes } = recording('+bad');
  const settled = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((key) => changes.submit('p', change(key))));
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(written).toEqual([['+a'], ['+b'], ['+c']]);
});
