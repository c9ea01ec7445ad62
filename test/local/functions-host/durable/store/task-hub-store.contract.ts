/** The promises of a TaskHubStore; every implementation runs this suite. */
import { expect, test } from 'vitest';
import { StaleTurnError, type TaskHubStore } from '../../../../../local/functions-host/durable/store/task-hub-store.ts';
import { BASE_MS, commitOf, message, oneOfEach, raised, record } from './samples.ts';

const ODD_ID = 'rollout.a/b\\c#d?e^f\u0007.ü';
const LARGE = JSON.stringify('é'.repeat(200_000));

export function taskHubStoreContract(open: () => TaskHubStore): void {
  const sorted = (ids: readonly string[]) => ids.toSorted();

  test('an instance that was never written is absent everywhere', async () => {
    const store = open();
    expect(await store.readInstance('none')).toBeUndefined();
    expect(await store.readHistory('none')).toBeUndefined();
    expect(await store.readCheckpoint('none')).toBeUndefined();
  });

  test('a record comes back as it was put, under ids with odd characters too', async () => {
    const store = open();
    const put = record(ODD_ID, {
      version: '2',
      customStatus: '{"n":1}',
      output: 'plain text',
      completedMs: BASE_MS + 1,
    });
    await store.putInstance(put);
    expect(await store.readInstance(ODD_ID)).toEqual(put);
  });

  test('a change touches what it names and keeps the rest', async () => {
    const store = open();
    await store.putInstance(record('change-1'));
    await store.changeInstance('change-1', { status: 'Running', customStatus: '"s"', lastUpdatedMs: BASE_MS + 9 });
    expect(await store.readInstance('change-1')).toEqual(
      record('change-1', { status: 'Running', customStatus: '"s"', lastUpdatedMs: BASE_MS + 9 }),
    );
  });

  test('a change of an absent instance does not bring it into being', async () => {
    const store = open();
    await store.changeInstance('change-none', { status: 'Running' });
    expect(await store.readInstance('change-none')).toBeUndefined();
  });

  test('large inputs, outputs and results come back whole', async () => {
    const store = open();
    await store.putInstance(record('large-1', { input: LARGE, output: LARGE }));
    expect(await store.readInstance('large-1')).toEqual(record('large-1', { input: LARGE, output: LARGE }));
    await store.commitHistory(commitOf('large-1', undefined, 0, [raised('E', LARGE)]));
    expect((await store.readHistory('large-1'))?.events).toEqual([raised('E', LARGE)]);
    await store.changeMessages({ instanceId: 'large-1', put: [message('m', 'large-1', LARGE)], remove: [] });
    const stored = (await store.loadMessages()).filter(({ instanceId }) => instanceId === 'large-1');
    expect(stored).toEqual([message('m', 'large-1', LARGE)]);
  });

  test('a text that looks like an address is a text', async () => {
    const store = open();
    await store.putInstance(record('address', { output: 'https://example.org/why' }));
    expect((await store.readInstance('address'))?.output).toBe('https://example.org/why');
  });

  test('every kind of event comes back as it was committed', async () => {
    const store = open();
    await store.commitHistory(commitOf(ODD_ID, undefined, 0, oneOfEach()));
    expect((await store.readHistory(ODD_ID))?.events).toEqual(oneOfEach());
  });

  test('a checkpoint comes back as it was committed', async () => {
    const store = open();
    const change = {
      turn: BASE_MS + 77,
      status: 'Suspended',
      customStatus: '{"a":1}',
      consumedMessageIds: ['m1', 'm2'],
    } as const;
    const commit = commitOf('checkpoint', undefined, 0, [raised('A')], change);
    await store.commitHistory(commit);
    expect(await store.readCheckpoint('checkpoint')).toEqual(commit.checkpoint);
  });

  test('appended events follow the earlier ones', async () => {
    const store = open();
    const tag = await store.commitHistory(commitOf('append', undefined, 0, [raised('A'), raised('B')]));
    await store.commitHistory(commitOf('append', tag, 2, [raised('C')]));
    expect((await store.readHistory('append'))?.events).toEqual([raised('A'), raised('B'), raised('C')]);
  });

  test('a commit from 0 starts a new execution and nothing of the old one shows', async () => {
    const store = open();
    const tag = await store.commitHistory(commitOf('renew', undefined, 0, [raised('A'), raised('B'), raised('C')]));
    await store.commitHistory(commitOf('renew', tag, 0, [raised('N')], { executionId: 'e2' }));
    const read = await store.readHistory('renew');
    expect(read?.events).toEqual([raised('N')]);
    expect(read?.checkpoint.executionId).toBe('e2');
  });

  test('a commit of 250 events is one commit', async () => {
    const store = open();
    const many = Array.from({ length: 250 }, (_, index) => raised(`E${index}`));
    const tag = await store.commitHistory(commitOf('many', undefined, 0, many));
    await store.commitHistory(commitOf('many', tag, 250, many));
    expect((await store.readHistory('many'))?.events).toEqual([...many, ...many]);
  });

  test('a second writer with an older tag is refused and changes nothing', async () => {
    const store = open();
    const tag = await store.commitHistory(commitOf('stale', undefined, 0, [raised('A')]));
    await store.commitHistory(commitOf('stale', tag, 1, [raised('B')]));
    await expect(store.commitHistory(commitOf('stale', tag, 1, [raised('X')]))).rejects.toThrow(StaleTurnError);
    await expect(store.commitHistory(commitOf('stale', undefined, 0, [raised('Y')]))).rejects.toThrow(StaleTurnError);
    expect((await store.readHistory('stale'))?.events).toEqual([raised('A'), raised('B')]);
  });

  test('the tag read with a history is the one to commit with', async () => {
    const store = open();
    await store.commitHistory(commitOf('tag', undefined, 0, [raised('A')]));
    const read = await store.readHistory('tag');
    await store.commitHistory(commitOf('tag', read?.tag, 1, [raised('B')]));
    expect((await store.readHistory('tag'))?.events).toHaveLength(2);
  });

  test('messages are put, replaced and removed together, also when some are gone already', async () => {
    const store = open();
    const own = async () => (await store.loadMessages()).filter(({ instanceId }) => instanceId === 'mail/1');
    await store.changeMessages({
      instanceId: 'mail/1',
      put: [message('a.1', 'mail/1'), message('b/2', 'mail/1')],
      remove: [],
    });
    await store.changeMessages({
      instanceId: 'mail/1',
      put: [message('c', 'mail/1', '1')],
      remove: ['a.1', 'never was'],
    });
    await store.changeMessages({ instanceId: 'mail/1', put: [message('c', 'mail/1', '2')], remove: ['c'] });
    const left = (await own()).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(left).toEqual([message('b/2', 'mail/1'), message('c', 'mail/1', '2')]);
    await store.changeMessages({ instanceId: 'mail/1', put: [], remove: ['never was'] });
    await store.changeMessages({ instanceId: 'mail/1', put: [], remove: ['b/2', 'c'] });
    expect(await own()).toEqual([]);
  });

  test('lists are filtered by state, time and id prefix', async () => {
    const store = open();
    await store.putInstance(record('list-a1', { status: 'Failed' }));
    await store.putInstance(record('list-a2', { status: 'Running', createdMs: BASE_MS + 1000 }));
    await store.putInstance(record('list-b1', { status: 'Running', createdMs: BASE_MS + 2000 }));
    const ids = async (query: object) => {
      const page = await store.listInstances({ top: 100, idPrefix: 'list-', ...query });
      return sorted(page.records.map(({ instanceId }) => instanceId));
    };
    expect(await ids({})).toEqual(['list-a1', 'list-a2', 'list-b1']);
    expect(await ids({ idPrefix: 'list-a' })).toEqual(['list-a1', 'list-a2']);
    expect(await ids({ statuses: ['Running', 'Pending'] })).toEqual(['list-a2', 'list-b1']);
    expect(await ids({ createdFromMs: BASE_MS + 500, createdToMs: BASE_MS + 1500 })).toEqual(['list-a2']);
  });

  test('pages cover everything once', async () => {
    const store = open();
    const all = Array.from({ length: 7 }, (_, index) => `page-${index}`);
    for (const instanceId of all) await store.putInstance(record(instanceId));
    const seen: string[] = [];
    let continuation: string | undefined;
    do {
      const page = await store.listInstances({
        idPrefix: 'page-',
        top: 3,
        ...(continuation === undefined ? {} : { continuation }),
      });
      expect(page.records.length).toBeLessThanOrEqual(3);
      seen.push(...page.records.map(({ instanceId }) => instanceId));
      continuation = page.continuation;
    } while (continuation !== undefined);
    expect(sorted(seen)).toEqual(all);
  });

  test('a purge leaves nothing, and the id can be used again', async () => {
    const store = open();
    await store.putInstance(record('purge', { input: LARGE }));
    const many = Array.from({ length: 120 }, (_, index) => raised(`E${index}`));
    await store.commitHistory(commitOf('purge', undefined, 0, many));
    await store.changeMessages({ instanceId: 'purge', put: [message('m', 'purge')], remove: [] });
    await store.purge('purge');
    expect(await store.readInstance('purge')).toBeUndefined();
    expect(await store.readHistory('purge')).toBeUndefined();
    expect((await store.loadMessages()).filter(({ instanceId }) => instanceId === 'purge')).toEqual([]);
    await store.commitHistory(commitOf('purge', undefined, 0, [raised('A')]));
    expect((await store.readHistory('purge'))?.events).toEqual([raised('A')]);
  });
}
