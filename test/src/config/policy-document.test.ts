/** Policy files: the example is read to the last value, and every fault is told with its place. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../../src/config/policy-document.ts';

const EXAMPLES = new URL('../../../examples/flights', import.meta.url).pathname;
const EXAMPLE = readFileSync(new URL('../../../examples/flights/policy.yaml', import.meta.url), 'utf8');

const SMALLEST = `
name: small
endpoint: scores
model: scores
deployment:
  environment: azureml:env:1
  code: azureml:code:\${{model.version}}
  scoringScript: score.py
  instanceType: Standard_DS3_v2
smokeTest:
  requests:
    - {name: one, body: {data: [1]}, expect: {type: number}}
`;

function problemsOf(text: string): string[] {
  const reading = parsePolicy('p.yaml', text, EXAMPLES);
  return reading.ok ? [] : reading.problems.map(({ where, what }) => `${where} ${what}`);
}

describe('parsePolicy', () => {
  test('the example policy is read with its units turned into those of the domain', () => {
    const reading = parsePolicy('policy.yaml', EXAMPLE, EXAMPLES);
    expect(reading).toMatchObject({
      ok: true,
      policy: {
        endpoint: 'flights',
        deployment: {
          requestTimeoutMs: 3000,
          readyTimeoutSeconds: 1200,
          liveness: { initialDelayMs: 10_000, periodMs: 10_000, timeoutMs: 2000, failureThreshold: 30 },
        },
        canary: {
          bucketSeconds: 60,
          warmUpBuckets: 3,
          horizonBuckets: 60,
          onHorizon: 'hold',
          designEffect: { errors: 1.5, latency: 1.5, replica: null },
          errors: { margin: 0.002, promoteMargin: 0.01 },
          latency: { margin: 0.3, promoteMargin: 0.75 },
          predictions: { collection: 'model_outputs', column: 'prediction', margin: 0.25, settleBuckets: 10 },
          outcomes: {
            folder: 'azureml://datastores/workspaceblobstore/paths/landed/flights/',
            key: 'flight',
            measure: { kind: 'within', outcome: 'air_time', prediction: 'prediction', tolerance: 15 },
            maturityBuckets: 480,
            requiredForPromotion: false,
          },
        },
        approval: { beforeWeights: [50], timeoutSeconds: 14_400 },
        timing: { pollSeconds: 10, trafficTimeoutSeconds: 600, rolloutTimeoutSeconds: 172_800 },
      },
    });
  });

  test('a policy that says only what has no default gets the documented defaults', () => {
    const reading = parsePolicy('p.yaml', SMALLEST, '.');
    expect(reading).toMatchObject({
      ok: true,
      policy: {
        shadow: null,
        approval: null,
        steps: [{ weight: 10 }, { weight: 50 }],
        bake: { dwellBuckets: 30 },
        keep: { blue: 'delete', rejectedGreen: 'delete' },
        whenBusy: 'wait',
        canary: {
          bucketSeconds: 60,
          settleBuckets: 3,
          warmUpBuckets: 3,
          soakBuckets: 10,
          horizonBuckets: 60,
          onHorizon: 'hold',
          alpha: 0.05,
          beta: 0.05,
          betaStep: 0.2,
          designEffect: { errors: 1.5, latency: 1.5, replica: null },
          errors: { margin: 0.002, promoteMargin: 0.0075 },
          latency: { margin: 0.1, promoteMargin: 0.35 },
          predictions: null,
          outcomes: null,
        },
        deployment: { instanceCount: 1, liveness: null, environmentVariables: {} },
      },
    });
  });

  test('faults in many places are all told, each with line, column and path', () => {
    const text = EXAMPLE.replace('mirrorPercent: 40', 'mirrorPercent: 60')
      .replace('weight: 50', 'weight: 10')
      .replace('before: [50]', 'before: [50, 100, 100]')
      .replace('requestTimeoutMs: 3000', 'requestTimeoutMs: 200000')
      .replace('poll: 10s', 'poll: fast')
      .replace('whenBusy: wait', 'whenBusy: queue')
      .replace('promoteMarginPercent: 75', 'promoteMarginPercent: 5');
    const problems = problemsOf(text);
    for (const expected of [
      /^p\.yaml:\d+:\d+ shadow\.mirrorPercent is too big/,
      /^p\.yaml:\d+:\d+ steps\[1\]\.weight 10 must be more than 20/,
      /^p\.yaml:\d+:\d+ approval\.before\[0\] 50 is no weight/,
      /^p\.yaml:\d+:\d+ approval\.before\[2\] 100 is listed twice/,
      /^p\.yaml:\d+:\d+ deployment\.requestTimeoutMs is too big/,
      /^p\.yaml:\d+:\d+ timing\.poll must be a duration from 1s to 10m/,
      /^p\.yaml:\d+:\d+ whenBusy /,
      /^p\.yaml:\d+:\d+ metrics\.latency\.promoteMarginPercent must not be below/,
    ]) {
      expect(problems).toContainEqual(expect.stringMatching(expected));
    }
    expect(problems).toHaveLength(8);
  });

  test('the place of a problem is the line of the value', () => {
    const lines = SMALLEST.split('\n');
    const line = lines.findIndex((text) => text.includes('scoringScript')) + 1;
    expect(problemsOf(SMALLEST.replace('score.py', '../score.py'))).toEqual([
      expect.stringMatching(`^p\\.yaml:${line}:18 deployment\\.scoringScript must be the path`),
    ]);
  });

  test('a misspelt key is refused at its own place', () => {
    expect(problemsOf(`${SMALLEST}bakes: {dwellBuckets: 3}\n`)).toEqual([
      'p.yaml:13:1 bakes is no known key; check its spelling',
    ]);
  });

  test('a missing part is told as missing', () => {
    expect(problemsOf(SMALLEST.replace('endpoint: scores\n', ''))).toEqual(['p.yaml:2:1 endpoint is missing']);
  });

  test.each([
    ['a repeated key', `${SMALLEST}name: other\n`, /unique/],
    ['two documents', `${SMALLEST}---\nname: other\n`, /document/],
    ['broken YAML', 'name: [1, 2', /p\.yaml:1:/],
    ['an unknown tag', `${SMALLEST.replace('name: small', 'name: !run small')}`, /tag/],
    ['no map at all', 'just text', /the policy is wrong: expected object/],
    ['an empty file', '', /the policy is wrong: expected object/],
    ['more than 64 KiB', `# ${'x'.repeat(65_536)}`, /larger than/],
    ['an unknown placeholder', SMALLEST.replace('model.version', 'model.owner'), /unknown placeholder/],
    ['a placeholder that is not closed', SMALLEST.replace('model.version}}', 'model.version'), /not closed/],
    ['a reference that is no asset', SMALLEST.replace('azureml:env:1', 'env:1'), /asset reference/],
    ['an endpoint name with two dashes', SMALLEST.replace('endpoint: scores', 'endpoint: a--b'), /endpoint must begin/],
    ['a reply shape of an unknown type', SMALLEST.replace('type: number', 'type: date'), /expect/],
    ['a body that JSON cannot say', SMALLEST.replace('[1]', '[.nan]'), /body/],
    [
      'a number of samples, which the judge does not need',
      `${SMALLEST}metrics: {errors: {minSamples: 9}}\n`,
      /minSamples is no/,
    ],
    [
      'a design effect below 1',
      `${SMALLEST}metrics: {designEffect: {errors: 0.5}}\n`,
      /designEffect\.errors is too small/,
    ],
    [
      'a step that needs more certainty than the promotion',
      `${SMALLEST}metrics: {betaStep: 0.01}\n`,
      /betaStep must not be/,
    ],
    ['a horizon before the soak', `${SMALLEST}metrics: {horizonBuckets: 5}\n`, /horizonBuckets must not be below/],
    [
      'a comparison of predictions that nobody collects',
      `${SMALLEST}metrics: {predictions: {column: minutes}}\n`,
      /metrics\.predictions reads model_outputs, which deployment\.dataCollection\.collections does not keep/,
    ],
    [
      'a share that may lose more than everything',
      `${SMALLEST}metrics: {outcomes: {folder: "azureml://datastores/w/paths/o/", measure: {kind: hit, outcome: c}, maturityBuckets: 1, margin: 0, promoteMargin: 5}}\n`,
      /outcomes\.promoteMargin must be below 1/,
    ],
    [
      'an empty range of values',
      `${SMALLEST}metrics: {outcomes: {folder: "azureml://datastores/w/paths/o/", measure: {kind: value, outcome: c, range: [5, 5]}, maturityBuckets: 1, margin: 0, promoteMargin: 5}}\n`,
      /measure\.range must be two numbers, the smaller one first/,
    ],
    ['a bucket of a minute and a half', `${SMALLEST}metrics: {bucketSeconds: 90}\n`, /whole number of minutes/],
  ])('%s is refused', (_case, text, message) => {
    expect(problemsOf(text).join('\n')).toMatch(message);
  });

  test('an alias bomb is refused before it grows', () => {
    const levels = Array.from({ length: 9 }, (_value, level) => {
      const refs =
        level === 0
          ? '1, 1, 1, 1, 1, 1, 1, 1, 1'
          : Array(9)
              .fill(`*l${level - 1}`)
              .join(', ');
      return `l${level}: &l${level} [${refs}]`;
    });
    expect(problemsOf(levels.join('\n')).join()).toMatch(/at most 20 aliases/);
  });

  test('two requests of the same name are refused', () => {
    const second = '    - {name: one, body: 2, expect: {type: number}}\n';
    expect(problemsOf(SMALLEST + second).join()).toMatch(/smokeTest\.requests\[1\]\.name "one" is the name/);
  });
});
