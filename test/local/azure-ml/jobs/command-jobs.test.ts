import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type JobFixture, startJobFixture } from './job-fixture.ts';

let fixture: JobFixture;

beforeAll(async () => {
  fixture = await startJobFixture();
});
afterAll(() => fixture?.stop());

const LIMIT_MS = 60_000;
const ORDER = ['NotStarted', 'Starting', 'Provisioning', 'Preparing', 'Queued', 'Running', 'Finalizing', 'Completed'];

test(
  'a command job runs its code with inputs and outputs put in, passes every status, and raises its events',
  async () => {
    await fixture.upload('codes', 'adder', '1', {
      'add.py': `
import os, sys
from pathlib import Path
total = sum(int(line) for line in Path(sys.argv[1], "numbers.txt").read_text().split()) + int(sys.argv[2])
Path(sys.argv[3], "sum.txt").write_text(str(total))
Path("outputs/note.txt").write_text(os.environ["COLOUR"] + os.environ["AZUREML_RUN_ID"])
print("added")
print("warned", file=sys.stderr)
`,
    });
    await fixture.upload('data', 'numbers', '1', { 'numbers.txt': '1 2 3' });
    await fixture.upload('data', 'numbers', '2', { 'numbers.txt': '10 20' });
    const put = await fixture.command(
      'add-1',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: expressions of Azure ML
      'python add.py ${{inputs.data}} ${{inputs.more}} ${{outputs.sum}} && echo ${{inputs.address}} > outputs/address',
      {
        codeId: 'azureml:adder:1',
        experimentName: 'sums',
        tags: { by: 'test' },
        environmentVariables: { COLOUR: 'green-' },
        inputs: {
          data: { jobInputType: 'uri_folder', uri: 'azureml:numbers@latest', mode: 'ReadOnlyMount' },
          more: { jobInputType: 'literal', value: '12' },
          address: { jobInputType: 'uri_folder', uri: 'azureml:numbers:1', mode: 'Direct' },
        },
        outputs: { sum: { jobOutputType: 'uri_folder' } },
      },
    );
    expect(put.status).toBe(201);
    expect(put.body.properties.status).toBe('NotStarted');
    const { properties } = await fixture.ended('add-1');
    expect(properties.error).toBeUndefined();
    expect(properties).toMatchObject({
      status: 'Completed',
      jobType: 'Command',
      outputs: {
        default: { uri: 'azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.add-1' },
        sum: { uri: 'azureml://datastores/workspaceblobstore/paths/azureml/add-1/sum/' },
      },
    });
    const log = await fixture.artifact('add-1', 'user_logs/std_log.txt');
    expect(log.split('\n').sort()).toEqual(['', 'added', 'warned']);
    expect(await fixture.artifact('add-1', 'outputs/note.txt')).toBe('green-add-1');
    expect(await fixture.artifact('add-1', 'outputs/address')).toBe('azureml:numbers:1\n');
    expect(fixture.statuses('add-1')).toEqual(ORDER);
    const completed = fixture.events.filter(({ type }) => type === 'Microsoft.MachineLearningServices.RunCompleted');
    expect(completed).toHaveLength(1);
    expect(completed[0]).toMatchObject({
      subject: expect.stringMatching(/^experiments\/[0-9a-f-]{36}\/runs\/add-1$/),
      data: { experimentName: 'sums', runId: 'add-1', runType: null, runTags: { by: 'test' }, runProperties: {} },
    });
  },
  LIMIT_MS,
);

test(
  'an output with an address of its own lies there, as the file that it is, and the job says so',
  async () => {
    const uri = 'azureml://datastores/workspaceblobstore/paths/slipway/place-1/losses.jsonl';
    await fixture.command(
      'place-1',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: expressions of Azure ML
      'echo "{}" > ${{outputs.losses}}',
      { outputs: { losses: { jobOutputType: 'uri_file', uri, mode: 'Upload' } } },
    );
    const { properties } = await fixture.ended('place-1');
    expect(properties).toMatchObject({ status: 'Completed', outputs: { losses: { jobOutputType: 'uri_file', uri } } });
    for (const address of [uri, 'azureml://jobs/place-1/outputs/losses']) {
      const place = fixture.azureMl.artifacts.resolve(address);
      if (!place.ok) throw new Error(place.message);
      expect(place.blobPath).toBe('slipway/place-1/losses.jsonl');
      expect(await readFile(place.path, 'utf8')).toBe('{}\n');
    }
  },
  LIMIT_MS,
);
