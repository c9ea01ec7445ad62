/** The table store keeps the store's promises on a real Azurite, in the rows of the real provider. */
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectTableStore } from '../../../../../local/functions-host/durable/store/tables/connect-table-store.ts';
import type { TableStore } from '../../../../../local/functions-host/durable/store/tables/table-store.ts';
import { type Azurite, startAzurite } from '../harness/azurite.ts';
import { BASE_MS, commitOf, oneOfEach, raised, record } from './samples.ts';
import { taskHubStoreContract } from './task-hub-store.contract.ts';

let azurite: Azurite;
let store: TableStore;
beforeAll(async () => {
  azurite = await startAzurite();
  store = connect();
  await store.open();
});
afterAll(() => azurite?.stop());

function connect(): TableStore {
  return connectTableStore(
    { hubName: 'ContractHub', connectionName: 'Storage' },
    { AzureWebJobsStorage: 'ignored', Storage: azurite.connectionString },
  );
}

describe('table store', () => taskHubStoreContract(() => store));

describe('rows', () => {
  const table = (name: string) =>
    TableClient.fromConnectionString(azurite.connectionString, name, { allowInsecureConnection: true });

  test('a hub that was closed can be opened again, by any host', async () => {
    await store.close();
    const next = connect();
    await next.open();
    await next.close();
    await store.open();
  });

  test('history rows have the columns of the real provider', async () => {
    await store.commitHistory(commitOf('rows/1', undefined, 0, oneOfEach()));
    const row = await table('ContractHubHistory').getEntity('rows^01', '0000000000000005');
    expect(row).toMatchObject({
      EventType: 'TimerCreated',
      EventId: 2,
      IsPlayed: false,
      ExecutionId: 'e1',
      _Timestamp: new Date(BASE_MS + 123),
      FireAt: new Date(BASE_MS + 1000),
    });
    const sentinel = await table('ContractHubHistory').getEntity('rows^01', 'sentinel');
    expect(sentinel).toMatchObject({ ExecutionId: 'e1', IsCheckpointComplete: true });
  });

  test('a large column is empty and names its blob', async () => {
    await store.commitHistory(commitOf('rows2', undefined, 0, [raised('E', JSON.stringify('x'.repeat(40_000)))]));
    const row = await table('ContractHubHistory').getEntity('rows2', '0000000000000000');
    expect(row).toMatchObject({
      Input: '',
      InputBlobName: expect.stringMatching(/^rows2\/history-0{16}-EventRaised-[0-9a-f]{8}-Input\.json\.gz$/),
    });
  });

  test('instance rows have the columns of the real provider', async () => {
    await store.putInstance(record('rows3'));
    expect(await table('ContractHubInstances').getEntity('rows3', '')).toMatchObject({
      Name: 'orchestrator',
      Input: '{"a":1}',
      CustomStatus: 'null',
      RuntimeStatus: 'Pending',
      ExecutionId: 'e1',
      TaskHubName: 'ContractHub',
      CreatedTime: new Date(BASE_MS),
    });
  });

  test('a history row that is no event is reported with its keys', async () => {
    await store.commitHistory(commitOf('rows4', undefined, 0, [raised('E')]));
    await table('ContractHubHistory').updateEntity(
      { partitionKey: 'rows4', rowKey: '0000000000000000', EventType: 'Nonsense' },
      'Merge',
    );
    await expect(store.readHistory('rows4')).rejects.toThrow(/PartitionKey 'rows4', RowKey '0000000000000000'/);
  });

  test('an instance row that cannot be read is named and does not hide the others from the list', async () => {
    await store.putInstance(record('listed-1'));
    await store.putInstance(record('listed-2'));
    await table('ContractHubInstances').updateEntity(
      { partitionKey: 'listed-1', rowKey: '', RuntimeStatus: 'Nonsense' },
      'Merge',
    );
    const { records, problems } = await store.listInstances({ idPrefix: 'listed-', top: 10 });
    expect(records.map(({ instanceId }) => instanceId)).toEqual(['listed-2']);
    expect(problems).toEqual([
      expect.stringContaining("Instances row (PartitionKey 'listed-1', RowKey '') is corrupt"),
    ]);
  });

  test('an instance row whose blob is gone is named and does not hide the others from the list', async () => {
    await store.putInstance(record('blobs-1'));
    await store.putInstance({ ...record('blobs-2'), output: JSON.stringify('x'.repeat(40_000)) });
    const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
    await blobs.getContainerClient('contracthub-largemessages').deleteBlob('blobs-2/instance-Output.json.gz');
    const { records, problems } = await store.listInstances({ idPrefix: 'blobs-', top: 10 });
    expect(records.map(({ instanceId }) => instanceId)).toEqual(['blobs-1']);
    expect(problems).toEqual([expect.stringContaining("PartitionKey 'blobs-2'")]);
  });

  test('a missing connection setting is named', () => {
    expect(() => connectTableStore({ hubName: 'Hub', connectionName: 'Nowhere' }, {})).toThrow(/'Nowhere' is missing/);
  });
});
