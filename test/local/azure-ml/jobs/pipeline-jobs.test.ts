import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JobFixture, startJobFixture } from './job-fixture.ts';

let fixture: JobFixture;

const LIMIT_MS = 60_000;
const environment = 'azureml:training:1';
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: expressions of Azure ML
const COMPONENTS = {
  prepare: {
    type: 'command',
    environment,
    command: 'echo prepared ${{inputs.word}} ${{inputs.times}} > ${{outputs.data}}/data.txt',
    inputs: { word: { type: 'string' }, times: { type: 'integer', default: 2 } },
    outputs: { data: { type: 'uri_folder' } },
  },
  train: {
    type: 'command',
    environment,
    command: 'cp ${{inputs.data}}/data.txt ${{outputs.model}}/model.txt; echo trained >> ${{outputs.model}}/model.txt',
    inputs: { data: { type: 'uri_folder' } },
    outputs: { model: { type: 'custom_model' } },
  },
  fail: { type: 'command', environment, command: 'exit 4', outputs: { data: { type: 'uri_folder' } } },
  wait: { type: 'command', environment, command: 'sleep 600' },
};
const PREPARE = {
  type: 'command',
  componentId: 'azureml:prepare:1',
  inputs: { word: { job_input_type: 'literal', value: '${{parent.inputs.word}}' } },
};
const fromStep = (step: string) => ({
  type: 'command',
  componentId: 'azureml:train:1',
  inputs: { data: { job_input_type: 'literal', value: `\${{parent.jobs.${step}.outputs.data}}` } },
  outputs: { model: { type: 'literal', value: '${{parent.outputs.best}}' } },
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: expressions of Azure ML

beforeAll(async () => {
  fixture = await startJobFixture();
  for (const [name, componentSpec] of Object.entries(COMPONENTS)) {
    const { status } = await fixture.raw('PUT', `/components/${name}/versions/1`, { properties: { componentSpec } });
    expect(status).toBe(201);
  }
});
afterAll(() => fixture?.stop());

function pipeline(name: string, jobs: object, properties: object = {}) {
  const inputs = { word: { jobInputType: 'literal', value: 'hello' } };
  const outputs = { best: { jobOutputType: 'custom_model' } };
  return fixture.raw('PUT', `/jobs/${name}`, {
    properties: { jobType: 'Pipeline', experimentName: 'pipes', inputs, outputs, jobs, ...properties },
  });
}

async function statusOf(name: string): Promise<string> {
  return (await fixture.raw('GET', `/jobs/${name}`)).body.properties.status;
}

describe('a pipeline job', () => {
  test(
    'runs its steps in the order of what they need, and its output is that of the step',
    async () => {
      expect((await pipeline('pipe-1', { train: fromStep('prepare'), prepare: PREPARE })).status).toBe(201);
      const { properties } = await fixture.ended('pipe-1');
      expect(properties.status, JSON.stringify(properties.error)).toBe('Completed');
      expect(await statusOf('pipe-1-train')).toBe('Completed');
      const place = fixture.azureMl.artifacts.resolve('azureml://jobs/pipe-1/outputs/best');
      expect(place).toMatchObject({ ok: true, blobPath: 'azureml/pipe-1-train/model' });
      const text = await fixture.artifact('pipe-1-train', 'user_logs/std_log.txt');
      expect(text).toBe('');
      const steps = fixture.events.filter(({ data }) => data.runType === 'azureml.StepRun');
      expect(new Set(steps.map(({ data }) => data.runId))).toEqual(new Set(['pipe-1-prepare', 'pipe-1-train']));
      const whole = fixture.events.filter(
        ({ type, data }) => type.endsWith('.RunCompleted') && data.runId === 'pipe-1',
      );
      expect(whole).toMatchObject([{ data: { runType: 'azureml.PipelineRun', experimentName: 'pipes' } }]);
    },
    LIMIT_MS,
  );

  test(
    'of which a step fails ends as Failed, and what runs beside it is canceled',
    async () => {
      await pipeline('pipe-2', {
        broken: { componentId: 'azureml:fail:1' },
        beside: { componentId: 'azureml:wait:1' },
        after: fromStep('broken'),
      });
      const { properties } = await fixture.ended('pipe-2');
      expect(properties).toMatchObject({ status: 'Failed', error: { message: expect.stringContaining('broken') } });
      expect(await statusOf('pipe-2-broken')).toBe('Failed');
      expect(await statusOf('pipe-2-beside')).toBe('Canceled');
      expect(await statusOf('pipe-2-after')).toBe('Canceled');
    },
    LIMIT_MS,
  );

  test(
    'that continues on failure runs every step that does not need the failed one',
    async () => {
      await pipeline(
        'pipe-3',
        { broken: { componentId: 'azureml:fail:1' }, after: fromStep('broken'), prepare: PREPARE },
        { settings: { continue_on_step_failure: true } },
      );
      expect((await fixture.ended('pipe-3')).properties.status).toBe('Failed');
      expect(await statusOf('pipe-3-prepare')).toBe('Completed');
      expect(await statusOf('pipe-3-after')).toBe('Canceled');
    },
    LIMIT_MS,
  );

  test(
    'that is canceled cancels its steps',
    async () => {
      await pipeline('pipe-4', { wait: { componentId: 'azureml:wait:1' } });
      await fixture.reached('pipe-4-wait', 'Running');
      expect((await fixture.write('POST', '/jobs/pipe-4/cancel')).status).toBe(200);
      expect([await statusOf('pipe-4'), await statusOf('pipe-4-wait')]).toEqual(['Canceled', 'Canceled']);
    },
    LIMIT_MS,
  );

  test.each([
    ['whose steps need each other', { one: fromStep('two'), two: fromStep('one') }, 'one -> two -> one'],
    ['with a step that needs an unknown one', { one: fromStep('nothing') }, "no step 'nothing'"],
    ['with an unknown component', { one: { componentId: 'azureml:none:1' } }, "version '1' of 'none'"],
    ['with a step that lacks an input', { one: { componentId: 'azureml:train:1' } }, 'the component requires it'],
    ['without steps', {}, 'a pipeline needs a step'],
  ])('%s is refused with 400 and runs nothing', async (_case, jobs, reason) => {
    const { status, body } = await pipeline('pipe-wrong', jobs);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(reason);
    expect((await fixture.raw('GET', '/jobs/pipe-wrong')).status).toBe(404);
  });
});
