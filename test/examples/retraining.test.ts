/** The example's retraining job, run as job.yml says: its comparison, its model, and what it refuses. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { armWritesFromYaml } from '../../local/azure-ml/azure-ml-yaml.ts';
import { parsePolicy } from '../../src/config/policy-document.ts';
import { type GatePolicy, judgeLosses } from '../../src/domain/gate/judge-challenger.ts';
import { collectLosses } from '../../src/domain/gate/loss-sample.ts';
import { lossesProblems } from '../../src/domain/gate/losses-agreement.ts';
import { fillJobName } from '../../src/domain/retraining/job-template.ts';
import { WORKSPACE_ID } from '../local/azure-ml/azure-ml-fixture.ts';
import { type JobFixture, metricsIn, PYTHON, startJobFixture } from '../local/azure-ml/jobs/job-fixture.ts';

const FLIGHTS = resolve(import.meta.dirname, '../../examples/flights');
const CODE = join(FLIGHTS, 'code');
const MLFLOW_PYTHON = resolve('.slipway/venv/mlflow/bin/python');
const LIMIT_MS = 240_000;
const STATISTICS = [
  'rows',
  'champion_loss',
  'challenger_loss',
  'difference_mean',
  'difference_variance',
  'difference_skewness',
];

let folder: string;

function python(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(PYTHON, args, { encoding: 'utf8', cwd: folder, env: { PYTHONDONTWRITEBYTECODE: '1' } });
}

beforeAll(async () => {
  if (!existsSync(MLFLOW_PYTHON)) throw new Error(`${MLFLOW_PYTHON} is missing: run npm run setup.`);
  folder = await mkdtemp(join(tmpdir(), 'slipway-retraining-'));
  const period = ['--from', '2013-07-01', '--to', '2013-07-31'];
  const shape = ['--shape', 'labelled', '--count', '3000'];
  python(join(CODE, 'load_data.py'), ...period, ...shape, '--output', join(folder, 'rows.jsonl'));
  const winter = ['--train-from', '2013-01-01', '--train-to', '2013-01-07'];
  const judged = ['--judge-from', '2013-07-01', '--judge-to', '2013-07-01'];
  python(join(CODE, 'train.py'), ...winter, ...judged, '--output', join(folder, 'champion'));
}, LIMIT_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('load_data.py', () => {
  test('cuts a period into flat labelled rows in the order of time', async () => {
    const rows = (await readFile(join(folder, 'rows.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(3000);
    const hours = rows.map(({ time_hour }) => time_hour);
    expect(hours).toEqual([...hours].sort());
    expect(hours[0]).toMatch(/^2013-07-01T/);
    for (const row of rows) expect(row.air_time).toBeGreaterThan(0);
  });

  test('writes features alone as a reference for drift', async () => {
    const output = join(folder, 'reference.jsonl');
    const days = ['--from', '2013-01-01', '--to', '2013-01-02'];
    python(join(CODE, 'load_data.py'), ...days, '--shape', 'features', '--count', '10', '--output', output);
    const rows = (await readFile(output, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(10);
    const names = [
      'carrier',
      'origin',
      'dest',
      'distance',
      'hour',
      'temp',
      'dewp',
      'wind_speed',
      'wind_dir',
      'pressure',
      'visib',
    ];
    for (const row of rows) expect(Object.keys(row)).toEqual(names);
  });
});

describe('gate.py', () => {
  test('compares losses row by row, in all and by slice, with the sample variance', () => {
    const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from gate import absolute_errors, gate_metrics, slices_of
labels = [10, 20, 30, 40]
champion = absolute_errors([12, 20, 35, 44], labels)
challenger = absolute_errors([11, 22, 30, 40], labels)
rows = [{"origin": "EWR"}, {"origin": "EWR"}, {"origin": "JFK"}, {"origin": "EWR"}]
print(json.dumps(gate_metrics(champion, challenger, slices_of(rows, "origin"))))
`;
    const { stdout, stderr } = python('-c', program, CODE);
    expect(stderr).toBe('');
    // Differences -1, 2, -5, -4: mean -2, sample variance 10. EWR has -1, 2, -4: mean -1, variance 9. JFK has one row.
    const skewness = 7.5 / 7.5 ** 1.5;
    expect(JSON.parse(stdout)).toEqual({
      'gate.rows': 4,
      'gate.champion_loss': 2.75,
      'gate.challenger_loss': 0.75,
      'gate.difference_mean': -2,
      'gate.difference_variance': 10,
      'gate.difference_skewness': expect.closeTo(skewness, 12),
      'gate.slice.origin-EWR.rows': 3,
      'gate.slice.origin-EWR.champion_loss': 2,
      'gate.slice.origin-EWR.challenger_loss': 1,
      'gate.slice.origin-EWR.difference_mean': -1,
      'gate.slice.origin-EWR.difference_variance': 9,
      'gate.slice.origin-EWR.difference_skewness': 0,
    });
  });
});

describe('gate.py writes', () => {
  const program = `
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from gate import loss_lines
challenger = [float(value) for value in sys.argv[2].split()]
print("\\n".join(loss_lines(np.array([1.0, 0.1]), np.array(challenger), {"origin-JFK": [1], "all-day": [0, 1]})))
`;

  test('one line for each row, with both losses to the last digit and the names of its slices', () => {
    const { stdout, stderr } = python('-c', program, CODE, '2 0.30000000000000004');
    expect(stderr).toBe('');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      { champion: 1, challenger: 2, slices: ['all-day'] },
      { champion: 0.1, challenger: 0.30000000000000004, slices: ['all-day', 'origin-JFK'] },
    ]);
  });

  test('no line that is no JSON', () => {
    const { status, stderr } = python('-c', program, CODE, '2 nan');
    expect(status).toBe(1);
    expect(stderr).toContain('not JSON compliant');
  });
});

describe('retrain.py refuses', () => {
  const ROW = { time_hour: '2013-07-01T09:00:00Z', air_time: 40 };

  test.each([
    ['data without rows', '', 'There are no rows in'],
    ['rows without features', `${JSON.stringify(ROW)}\n`, 'lack the columns carrier, dest'],
  ])('%s, with the reason', async (_case, text, reason) => {
    const data = join(folder, 'bad.jsonl');
    await writeFile(data, text);
    const output = join(folder, 'refused');
    const ended = python(
      join(CODE, 'retrain.py'),
      '--data',
      data,
      '--champion',
      join(folder, 'champion'),
      '--output',
      output,
    );
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain(reason);
    expect(existsSync(output)).toBe(false);
  });

  test('a champion that is no model of this example', () => {
    const args = ['--data', join(folder, 'rows.jsonl'), '--champion', folder, '--output', join(folder, 'refused')];
    const ended = python(join(CODE, 'retrain.py'), ...args);
    expect(ended.stderr).toContain('There is no model.joblib');
  });
});

describe('job.yml', () => {
  let fixture: JobFixture;
  beforeAll(async () => {
    fixture = await startJobFixture({ jobs: { pythonPath: PYTHON, mlflowPythonPath: MLFLOW_PYTHON, stageMs: 10 } });
  }, LIMIT_MS);
  afterAll(() => fixture?.stop());

  async function put(file: string, overrides: object = {}): Promise<void> {
    const { artifacts } = fixture.azureMl;
    const upload = (path: string) => artifacts.upload(path);
    const options = { workspaceId: WORKSPACE_ID, location: 'westeurope', upload, overrides: { ...overrides } };
    for (const { path, body } of await armWritesFromYaml(join(FLIGHTS, file), options)) {
      const { status, body: answer } = await fixture.raw('PUT', path, body);
      expect(status, JSON.stringify(answer)).toBe(201);
    }
  }

  function pathOf(uri: string): string {
    const place = fixture.azureMl.artifacts.resolve(uri);
    if (!place.ok) throw new Error(place.message);
    return place.path;
  }

  function gateOfTheExample(): GatePolicy {
    const reading = parsePolicy('policy.yaml', readFileSync(join(FLIGHTS, 'policy.yaml'), 'utf8'), FLIGHTS);
    const retrain = reading.ok ? reading.policy.retrain : null;
    if (!retrain) throw new Error(`The example's policy cannot be read: ${JSON.stringify(reading)}`);
    return retrain.gate;
  }

  test(
    'trains a challenger that beats a winter champion in July, logs the comparison, and leaves a model to deploy',
    async () => {
      const gate = gateOfTheExample();
      const { artifacts } = fixture.azureMl;
      const codeUri = await artifacts.upload(CODE);
      await put('training-environment.yml');
      await fixture.raw('PUT', '/codes/flights-training/versions/1', { properties: { codeUri } });
      const dataUri = await artifacts.upload(join(folder, 'rows.jsonl'));
      await fixture.raw('PUT', '/data/flights-rows/versions/1', { properties: { dataType: 'uri_file', dataUri } });
      const modelUri = await artifacts.upload(join(folder, 'champion', 'model'));
      await fixture.raw('PUT', '/models/flights-air-time/versions/1', { properties: { modelUri } });
      const inputs = {
        data: { type: 'uri_file', path: 'azureml:flights-rows:1', mode: 'download' },
        data_name: 'azureml:flights-rows:1',
        champion: { type: 'custom_model', path: 'azureml:flights-air-time:1', mode: 'download' },
      };
      const lossesUri = fillJobName(gate.losses?.uri ?? '', 'retrain-1');
      const outputs = {
        model: { type: 'custom_model' },
        losses: { type: 'uri_file', mode: 'upload', path: lossesUri },
      };
      await put('job.yml', { name: 'retrain-1', inputs, outputs });
      const { properties } = await fixture.ended('retrain-1');
      expect(properties.status, await fixture.artifact('retrain-1', 'user_logs/std_log.txt')).toBe('Completed');
      expect(properties.tags['slipway.data']).toBe('azureml:flights-rows:1');
      const metrics = metricsIn((await fixture.tracking('runs/get?run_id=retrain-1')).body);
      for (const prefix of ['gate.', 'gate.slice.origin-EWR.', 'gate.slice.origin-JFK.', 'gate.slice.origin-LGA.']) {
        for (const name of STATISTICS) expect(metrics[prefix + name], prefix + name).toBeTypeOf('number');
      }
      expect(metrics).toMatchObject({ 'gate.rows': 600, 'training.rows': 2400 });
      expect(metrics['gate.difference_mean']).toBeLessThan(-2);
      const collector = collectLosses(gate.slices.map(({ name }) => name));
      for (const line of (await readFile(pathOf(lossesUri), 'utf8')).trim().split('\n')) {
        expect(collector.add(JSON.parse(line))).toBeNull();
      }
      const samples = collector.samples();
      expect(lossesProblems(samples, metrics)).toEqual([]);
      const decision = judgeLosses(samples, { ...gate, minRows: 200, slices: [] }, 1);
      expect(decision).toMatchObject({ verdict: 'pass', parts: [{ rows: 600, bound: { method: 'bootstrap-t' } }] });
      const model = pathOf('azureml://jobs/retrain-1/outputs/model');
      expect(existsSync(join(model, 'model.joblib'))).toBe(true);
      const categories = JSON.parse(await readFile(join(model, 'categories.json'), 'utf8'));
      expect(Object.keys(categories)).toEqual(['carrier', 'dest', 'origin']);
    },
    LIMIT_MS,
  );
});
