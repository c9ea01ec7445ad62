/** The example's own Python code: it trains, and its scoring script answers, refuses and survives what real rows bring. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const CODE = join(ROOT, 'examples/flights/code');
const ROW = {
  carrier: 'UA',
  origin: 'EWR',
  dest: 'TPA',
  distance: 997,
  hour: 20,
  temp: 77,
  dewp: 75,
  wind_speed: 4.6,
  wind_dir: 140,
  pressure: 1010.2,
  visib: 6,
};
const SILENT_STATION = {
  ...ROW,
  temp: null,
  dewp: null,
  wind_speed: null,
  wind_dir: null,
  pressure: null,
  visib: null,
};
/** Local capture of azureml-ai-monitoring 1.0.0: a frame is logged as `<time> | <collection> | <correlation id> | <rows>`. */
const COLLECT = `
import sys
sys.path.insert(0, sys.argv[1])
from azureml.ai.monitoring.init import teardown
import score
score.init()
score.run(sys.stdin.read())
teardown(wait_for_flush=True)
`;
const ASK = `
import json, sys
sys.path.insert(0, sys.argv[1])
import score
score.init()
for line in sys.stdin:
    answer = score.run(line)
    body = answer if isinstance(answer, dict) else {"status": answer.status_code, "body": json.loads(answer.get_data())}
    print(json.dumps(body))
`;

let output: string;

function python(environment: 'serving' | 'training'): string {
  const path = join(ROOT, '.slipway/venv', environment, 'bin/python');
  if (!existsSync(path)) throw new Error(`${path} is missing: run "npm run setup".`);
  return path;
}

function run(
  environment: 'serving' | 'training',
  args: readonly string[],
  input = '',
  variables: Readonly<Record<string, string>> = {},
): string {
  const done = spawnSync(python(environment), args, {
    input,
    encoding: 'utf8',
    env: { ...process.env, AZUREML_MODEL_DIR: join(output, 'model'), ...variables },
  });
  if (done.status !== 0) throw new Error(`python ${args[0]} ended with ${done.status}: ${done.stderr}`);
  return done.stdout;
}

function score(...bodies: readonly unknown[]): unknown[] {
  const lines = bodies.map((body) => (typeof body === 'string' ? body : JSON.stringify(body))).join('\n');
  // The data collector reports on the same stream, with a time in front.
  const answers = run('serving', ['-c', ASK, CODE], lines)
    .split('\n')
    .filter((line) => line.startsWith('{'));
  return answers.map((line) => JSON.parse(line));
}

beforeAll(() => {
  output = mkdtempSync(join(tmpdir(), 'slipway-flights-'));
  const days = [
    '--train-from',
    '2013-01-01',
    '--train-to',
    '2013-01-07',
    '--judge-from',
    '2013-07-01',
    '--judge-to',
    '2013-07-02',
  ];
  run('training', [join(CODE, 'train.py'), ...days, '--output', output]);
}, 120_000);

afterAll(() => rmSync(output, { recursive: true, force: true }));

describe('the flights example', () => {
  it('trains on one period and is judged on a later one', () => {
    const metrics = JSON.parse(readFileSync(join(output, 'metrics.json'), 'utf8'));
    expect(metrics).toMatchObject({ trainedTo: '2013-01-07', judgedFrom: '2013-07-01', rows: 1802 });
    // A winter week knows no summer: too long by a quarter of an hour, but no nonsense.
    expect(metrics.biasMinutes).toBeGreaterThan(5);
    expect(metrics.maeMinutes).toBeLessThan(30);
  });

  it('answers one prediction per row, also where a weather station was silent or a carrier is new', () => {
    const [answer] = score({ data: [ROW, SILENT_STATION, { ...ROW, carrier: 'ZZ' }] }) as { predictions: number[] }[];
    expect(answer?.predictions).toHaveLength(3);
    expect(answer?.predictions.every((minutes) => minutes > 60 && minutes < 300)).toBe(true);
  });

  it('hands features and predictions to the data collector, and nothing where a collection is not enabled', () => {
    const config = join(output, 'collector.json');
    const collected = (collections: object) => {
      writeFileSync(config, JSON.stringify({ runMode: 'local', collections }));
      const body = JSON.stringify({ data: [{ ...SILENT_STATION, flight: 'B6-745', extra: 1 }] });
      const lines = run('serving', ['-c', COLLECT, CODE], body, { AZUREML_MDC_CONFIG_PATH: config }).split('\n');
      return lines.filter((line) => line.includes('local.capture')).map((line) => line.split(' | ').slice(4));
    };
    const enabled = { enabled: true };
    const [inputs, outputs] = collected({ model_inputs: enabled, model_outputs: enabled });
    expect([inputs?.[0], outputs?.[0]]).toEqual(['model_inputs', 'model_outputs']);
    expect(inputs?.[1]).toBe(outputs?.[1]);
    expect(JSON.parse(inputs?.[2] ?? '')).toEqual([SILENT_STATION]);
    expect(JSON.parse(outputs?.[2] ?? '')).toEqual([{ flight: 'B6-745', prediction: expect.any(Number) }]);
    expect(collected({ model_outputs: enabled }).map(([name]) => name)).toEqual(['model_outputs']);
  });

  it('refuses what it cannot score with 400 and the problems', () => {
    const answers = score('not json', { data: [] }, { data: [{ ...ROW, distance: 'far', flight: 'x'.repeat(41) }] });
    expect(answers).toMatchObject([{ status: 400 }, { status: 400 }, { status: 400 }]);
    expect(JSON.stringify(answers[2])).toContain('data[0].distance');
    expect(JSON.stringify(answers[2])).toContain('data[0].flight');
  });
});
