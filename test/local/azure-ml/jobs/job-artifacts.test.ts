import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AzuriteFixture, openAzurite } from '../../../azurite-fixture.ts';
import { DEPLOYMENT_BODY, ENDPOINT_BODY, WORKSPACE } from '../azure-ml-fixture.ts';
import { type JobFixture, PYTHON, startJobFixture } from './job-fixture.ts';

const LIMIT_MS = 60_000;
const DEFAULT_CONTAINER = `azureml-blobstore-${WORKSPACE.workspaceId}`;
const MODEL_OUTPUT = { outputs: { model: { jobOutputType: 'custom_model', mode: 'Upload' } } };
// biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of Azure ML
const TRAIN = 'echo 7 > ${{outputs.model}}/model.txt; mkdir -p outputs/model; echo 8 > outputs/model/model.txt';

let azurite: AzuriteFixture;
let blobs: BlobServiceClient;
let fixture: JobFixture;

beforeAll(async () => {
  azurite = await openAzurite();
  blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
  fixture = await startJobFixture({
    tls: azurite.tls,
    blobs,
    blobEndpoints: [azurite.blobUrl],
    jobs: { pythonPath: PYTHON, stageMs: 5 },
  });
}, LIMIT_MS);
afterAll(async () => {
  await fixture?.stop();
  await azurite?.stop();
});

async function blobText(container: string, name: string): Promise<string> {
  return (await blobs.getContainerClient(container).getBlobClient(name).downloadToBuffer()).toString();
}

test(
  'data that was put into blob storage is a job input, and what the job wrote lies in blob storage',
  async () => {
    const container = blobs.getContainerClient('incoming');
    await container.createIfNotExists();
    await container.getBlockBlobClient('flights/july.jsonl').upload('{"a":1}\n', 8);
    await container.getBlockBlobClient('flights/august.jsonl').upload('{"a":2}\n', 8);
    await fixture.raw('PUT', '/data/rows/versions/1', {
      properties: { dataType: 'uri_folder', dataUri: `${azurite.blobUrl}/incoming/flights` },
    });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: expressions of Azure ML
    const command = 'cat ${{inputs.all}}/*.jsonl ${{inputs.one}} | tee outputs/rows.txt';
    await fixture.command('reader', command, {
      inputs: {
        all: { jobInputType: 'uri_folder', uri: 'azureml:rows@latest' },
        one: { jobInputType: 'uri_file', uri: `${azurite.blobUrl}/incoming/flights/july.jsonl` },
      },
    });
    const { properties } = await fixture.ended('reader');
    expect(properties.status, JSON.stringify(properties.error)).toBe('Completed');
    const expected = '{"a":2}\n{"a":1}\n{"a":1}\n';
    expect(await blobText('azureml', 'ExperimentRun/dcid.reader/outputs/rows.txt')).toBe(expected);
    expect(await blobText('azureml', 'ExperimentRun/dcid.reader/user_logs/std_log.txt')).toBe(expected);
  },
  LIMIT_MS,
);

test(
  'the outputs of a job are a model version that a deployment runs, and the input of a later job',
  async () => {
    await fixture.registerAssets();
    await fixture.command('trainer', TRAIN, MODEL_OUTPUT);
    await fixture.ended('trainer');
    expect(await blobText(DEFAULT_CONTAINER, 'azureml/trainer/model/model.txt')).toBe('7\n');
    const uris = [
      'azureml://jobs/trainer/outputs/model',
      'azureml://jobs/trainer/outputs/artifacts/paths/outputs/model/',
    ];
    await fixture.write('PUT', '/onlineEndpoints/flights', ENDPOINT_BODY);
    for (const [index, modelUri] of uris.entries()) {
      const version = String(index + 2);
      const made = await fixture.raw('PUT', `/models/flights/versions/${version}`, {
        properties: { modelUri, jobName: 'trainer' },
      });
      expect(made).toMatchObject({ status: 201, body: { properties: { modelUri, jobName: 'trainer' } } });
      const deployment = {
        ...DEPLOYMENT_BODY,
        properties: { ...DEPLOYMENT_BODY.properties, model: `azureml:flights:${version}` },
      };
      const end = await fixture.write('PUT', `/onlineEndpoints/flights/deployments/green${version}`, deployment);
      expect(end.body).toMatchObject({ status: 'Succeeded' });
      const spec = fixture.serving.running.get(`flights/green${version}`);
      expect(await readFile(join(spec?.modelFolder ?? '', 'model', 'model.txt'), 'utf8')).toBe(`${index + 7}\n`);
    }
    // biome-ignore lint/suspicious/noTemplateCurlyInString: expressions of Azure ML
    await fixture.command('judge', 'cat ${{inputs.champion}}/model.txt ${{inputs.part}} > outputs/both', {
      inputs: {
        champion: { jobInputType: 'custom_model', uri: 'azureml:flights:2' },
        part: { jobInputType: 'uri_file', uri: 'azureml://jobs/trainer/outputs/model/paths/model.txt' },
      },
    });
    const { properties } = await fixture.ended('judge');
    expect(properties.status, JSON.stringify(properties.error)).toBe('Completed');
    expect(await fixture.artifact('judge', 'outputs/both')).toBe('7\n7\n');
  },
  LIMIT_MS,
);

test('a model version at the output of an unknown job is refused', async () => {
  const { status, body } = await fixture.raw('PUT', '/models/flights/versions/99', {
    properties: { modelUri: 'azureml://jobs/nobody/outputs/model' },
  });
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain("no output 'model' of a job 'nobody'");
});
