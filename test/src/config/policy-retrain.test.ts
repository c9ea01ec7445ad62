/** The `retrain` part of a policy and its job: defaults, units, the wire form of the job, and every fault told with its place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePolicy } from '../../../src/config/policy-document.ts';
import { readPolicies } from '../../../src/config/policy-folder.ts';

const JOB = `
type: command
command: python train.py --data \${{inputs.data}} --version \${{slipway.version}} --out \${{outputs.model}}
code: azureml:training-code:3
environment: azureml:training@latest
environment_variables: { RETRIES: 5 }
experiment_name: flights
inputs:
  data: { type: uri_file, path: "\${{slipway.data}}", mode: download }
  champion: { type: custom_model, path: "\${{slipway.champion}}" }
  epochs: 3
outputs:
  model: { type: custom_model }
resources: { instance_type: Standard_DS3_v2 }
limits: { timeout: 3600 }
`;
const PIPELINE = `
type: pipeline
compute: azureml:cluster
inputs: { data: { type: uri_folder, path: "\${{slipway.data}}" } }
outputs: { model: { type: custom_model } }
settings: { continue_on_step_failure: false }
jobs:
  prepare:
    type: command
    component: azureml:prepare:1
    inputs: { data: "\${{parent.inputs.data}}" }
    outputs: { rows: { type: uri_folder } }
  train:
    type: command
    component: azureml:train@latest
    inputs: { rows: "\${{parent.jobs.prepare.outputs.rows}}" }
    outputs: { model: "\${{parent.outputs.model}}" }
`;
const POLICY = `
name: small
endpoint: scores
model: scores
deployment:
  environment: azureml:env:1
  code: azureml:code:1
  scoringScript: score.py
  instanceType: Standard_DS3_v2
smokeTest:
  requests:
    - {name: one, body: {data: [1]}, expect: {type: number}}
retrain:
  data: { source: "azureml:rows@latest", label: air_time }
  job: job.yml
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-policies-'));
  writeFileSync(join(folder, 'job.yml'), JOB);
  writeFileSync(join(folder, 'pipeline.yml'), PIPELINE);
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (text: string) => parsePolicy('p.yaml', text, folder);

function retrainOf(text: string) {
  const reading = read(text);
  if (!reading.ok) throw new Error(reading.problems.map(({ where, what }) => `${where} ${what}`).join('\n'));
  return reading.policy.retrain;
}

function problemsOf(text: string): readonly string[] {
  const reading = read(text);
  return reading.ok ? [] : reading.problems.map(({ where, what }) => `${where} ${what}`);
}

describe('a policy that retrains', () => {
  test('and says only what has no default gets the documented defaults', () => {
    expect(retrainOf(POLICY)).toMatchObject({
      triggers: { drift: null, newData: null, latencyAlert: 'notify', schedule: null },
      coolDownSeconds: 86_400,
      data: { minRows: 1000, maxNullRate: 0.2, columns: {} },
      drift: null,
      jobTimeoutSeconds: 21_600,
      metricsTimeoutSeconds: 21_600,
      pollSeconds: 60,
      gate: { lossMargin: 0, confidence: 0.95, minRows: 500, slices: [] },
      register: { tags: {} },
    });
  });

  test('is read with its units turned into those of the domain', () => {
    const full = `${POLICY}
  triggers:
    drift: { monitor: flights-monitor }
    newData: { container: landing, prefix: flights/, dataAsset: rows }
    latencyAlert: retrain
    schedule: "0 0 3 * * 1"
  coolDown: 6h
  drift: { reference: "azureml:reference:1", window: 2d, features: { distance: numerical } }
  jobTimeout: 90m
  poll: 10s
  gate: { lossMargin: 0.5, slices: { jfk: {}, ewr: { lossMargin: 2 } } }
  register: { tags: { scoring-code: "2" } }
`;
    expect(retrainOf(full)).toMatchObject({
      triggers: {
        drift: { monitor: 'flights-monitor', confirm: 'required' },
        newData: { container: 'landing', prefix: 'flights/', dataAsset: 'rows' },
        latencyAlert: 'retrain',
        schedule: '0 0 3 * * 1',
      },
      coolDownSeconds: 21_600,
      drift: { reference: 'azureml:reference:1', windowSeconds: 172_800, features: { distance: 'numerical' } },
      jobTimeoutSeconds: 5400,
      pollSeconds: 10,
      gate: {
        lossMargin: 0.5,
        slices: [
          { name: 'jfk', lossMargin: 0 },
          { name: 'ewr', lossMargin: 2 },
        ],
      },
      register: { tags: { 'scoring-code': '2' } },
    });
  });

  test('has its job in the members of the REST API, placeholders and all', () => {
    expect(retrainOf(POLICY)?.job.properties).toEqual({
      jobType: 'Command',
      command:
        'python train.py --data $' +
        '{{inputs.data}} --version $' +
        '{{slipway.version}} --out $' +
        '{{outputs.model}}',
      codeId: 'azureml:training-code:3',
      environmentId: 'azureml:training@latest',
      environmentVariables: { RETRIES: '5' },
      experimentName: 'flights',
      tags: {},
      inputs: {
        data: { jobInputType: 'uri_file', uri: `\${{slipway.data}}`, mode: 'Download' },
        champion: { jobInputType: 'custom_model', uri: `\${{slipway.champion}}` },
        epochs: { jobInputType: 'literal', value: '3' },
      },
      outputs: { model: { jobOutputType: 'custom_model' } },
      resources: { instanceCount: 1, instanceType: 'Standard_DS3_v2' },
      limits: { jobLimitsType: 'Command', timeout: 'PT3600S' },
    });
  });

  test('and names the output with the losses gives it an address of its own, which the job fills in', () => {
    const uri = `azureml://datastores/workspaceblobstore/paths/slipway/\${{slipway.job}}/scored.jsonl`;
    writeFileSync(join(folder, 'losses.yml'), JOB.replace('outputs:', 'outputs:\n  scored: { type: uri_file }'));
    const policy = retrainOf(`${POLICY.replace('job.yml', 'losses.yml')}  gate: { losses: scored }\n`);
    expect(policy?.gate.losses).toEqual({ output: 'scored', uri });
    expect(policy?.job.properties.outputs).toEqual({
      scored: { jobOutputType: 'uri_file', uri },
      model: { jobOutputType: 'custom_model' },
    });
  });

  test.each([
    ['scored', 'names the output scored, which the job does not have'],
    ['model', 'names the output model, whose type must be uri_file'],
    ['placed', 'names the output placed, which must have no path'],
    ['constructor', 'names the output constructor, which the job does not have'],
  ])('cannot take the output %s for the losses, and says why', (output, why) => {
    const placed = 'outputs:\n  placed: { type: uri_file, path: "azureml://datastores/a/paths/b" }';
    writeFileSync(join(folder, 'losses.yml'), JOB.replace('outputs:', placed));
    const problems = problemsOf(`${POLICY.replace('job.yml', 'losses.yml')}  gate: { losses: ${output} }\n`);
    expect(problems).toEqual([expect.stringContaining(`retrain.gate.losses ${why}`)]);
  });

  test('may have a pipeline, whose steps keep the snake case of the pipeline service', () => {
    expect(retrainOf(POLICY.replace('job.yml', 'pipeline.yml'))?.job.properties).toMatchObject({
      jobType: 'Pipeline',
      inputs: { data: { jobInputType: 'uri_folder', uri: `\${{slipway.data}}` } },
      settings: { continue_on_step_failure: false },
      jobs: {
        prepare: {
          type: 'command',
          componentId: 'azureml:prepare:1',
          inputs: { data: { job_input_type: 'literal', value: `\${{parent.inputs.data}}` } },
        },
        train: {
          componentId: 'azureml:train@latest',
          inputs: { rows: { job_input_type: 'literal', value: `\${{parent.jobs.prepare.outputs.rows}}` } },
          outputs: { model: { type: 'literal', value: `\${{parent.outputs.model}}` } },
        },
      },
    });
  });

  test('lies in a folder with its job, which is not taken for a policy', () => {
    const own = mkdtempSync(join(tmpdir(), 'slipway-policies-'));
    writeFileSync(join(own, 'policy.yaml'), POLICY);
    writeFileSync(join(own, 'job.yml'), JOB);
    const reading = readPolicies(own);
    expect(reading.ok && reading.policies.all()).toMatchObject([{ name: 'small' }]);
    rmSync(own, { recursive: true });
  });
});

describe('a fault', () => {
  const line = POLICY.split('\n').findIndex((text) => text.includes('job: job.yml')) + 1;

  test.each([
    ['a job that is not there', 'absent.yml', 'names absent.yml, which cannot be read'],
    ['a job outside of the folder', '../job.yml', 'must be the path of a .yml file below the folder'],
  ])('%s is told at the line that names it', (_name, file, what) => {
    expect(problemsOf(POLICY.replace('job.yml', file))).toEqual([
      expect.stringContaining(`p.yaml:${line}:8 retrain.job ${what}`),
    ]);
  });

  test.each([
    [
      'an asset that has to be uploaded',
      JOB.replace('azureml:training-code:3', './code'),
      'faulty.yml:4:7 code must be a registered asset',
    ],
    [
      'a placeholder that is not known',
      JOB.replace('slipway.data', 'slipway.rows'),
      'faulty.yml:2:1 the job holds the unknown placeholder slipway.rows',
    ],
    ['a misspelt member', JOB.replace('limits:', 'limit:'), 'faulty.yml:15:1 limit is no known key'],
    ['another kind of job', JOB.replace('type: command', 'type: sweep'), 'faulty.yml:2:7 type'],
    ['a pipeline without steps', `${PIPELINE.split('jobs:')[0]}jobs: {}\n`, 'jobs needs at least one step'],
    ['no YAML', 'type: [command', 'faulty.yml:1:'],
    ['a repeated key', `${JOB}command: echo\n`, 'faulty.yml:16:1 Map keys must be unique'],
    ['more than 64 KiB', `# ${'x'.repeat(65_536)}`, 'faulty.yml is larger than'],
  ])('in the job is told with its place in the file of the job: %s', (_name, job, what) => {
    writeFileSync(join(folder, 'faulty.yml'), job);
    const problems = problemsOf(`${POLICY.replace('job.yml', 'faulty.yml')}  coolDown: soon\n`);
    expect(problems).toContainEqual(expect.stringContaining(what));
    expect(problems).toContainEqual(expect.stringMatching(/^p\.yaml:\d+:\d+ retrain\.coolDown must be/));
  });

  test.each([
    ['  coolDown: soon', 'retrain.coolDown must be a duration'],
    ['  triggers: { schedule: "every day" }', 'retrain.triggers.schedule must be a schedule'],
    ['  triggers: { newData: { prefix: flights/ } }', 'retrain.triggers.newData says nothing'],
    ['  triggers: { drift: { monitor: m } }', 'retrain.drift is missing'],
    ['  triggers: { latencyAlert: panic }', 'retrain.triggers.latencyAlert'],
    ['  drift: { reference: rows, features: { a: numerical } }', 'retrain.drift.reference must be azureml:'],
    ['  drift: { reference: "azureml:r:1", features: {} }', 'needs at least one feature'],
    ['  gate: { minRows: 5 }', 'retrain.gate.minRows is too small'],
    ['  gate: { confidence: 1 }', 'retrain.gate.confidence is too big'],
    ['  cooldown: 1h', 'retrain.cooldown is no known key'],
  ])('in %j is told: %s', (text, what) => {
    expect(problemsOf(`${POLICY}${text}\n`).join('\n')).toContain(what);
  });

  test('in several places is told for each', () => {
    const text = `${POLICY}  coolDown: soon\n  poll: 1h\n  jobTimeout: 1s\n`.replace('label: air_time', 'label: ""');
    expect(problemsOf(text)).toHaveLength(4);
  });
});
