/** The example's own Python code: it trains, and its scoring script answers, refuses and survives what real rows bring. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

function run(environment: 'serving' | 'training', args: readonly string[], input = ''): string {
  const done = spawnSync(python(environment), args, {
    input,
    encoding: 'utf8',
    env: { ...process.env, AZUREML_MODEL_DIR: join(output, 'model') },
  });
  if (done.status !== 0) throw new Error(`python ${args[0]} ended with ${done.status}: ${done.stderr}`);
  return done.stdout;
}

function score(...bodies: readonly unknown[]): unknown[] {
  const lines = bodies.map((body) => (typeof body === 'string' ? body : JSON.stringify(body))).join('\n');
  const answers = run('serving', ['-c', ASK, CODE], lines).trim().split('\n');
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

  it('refuses what it cannot score with 400 and the problems', () => {
    const answers = score('not json', { data: [] }, { data: [{ ...ROW, distance: 'far' }] });
    expect(answers).toMatchObject([{ status: 400 }, { status: 400 }, { status: 400 }]);
    expect(JSON.stringify(answers[2])).toContain('distance');
  });
});
