/** createGreen, readDeployment, smokeTest and deleteDeployment: the life of the green deployment. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createCreateGreen } from '../../../../src/activities/rollout/create-green.ts';
import { createDeleteDeployment } from '../../../../src/activities/rollout/delete-deployment.ts';
import { createReadDeployment } from '../../../../src/activities/rollout/read-deployment.ts';
import { createSmokeTest } from '../../../../src/activities/rollout/smoke-test.ts';
import type { DeploymentTemplate, SmokeTestPolicy } from '../../../../src/domain/policy/policy.ts';
import { ScoringRefused } from '../../../../src/ports/scoring.ts';
import { aPolicy } from '../../domain/a-policy.ts';
import { InMemoryPlatform } from '../../fakes/in-memory-platform.ts';
import { ScriptedScoring } from '../../fakes/scripted-scoring.ts';
import { BLUE, FLIGHTS, GREEN, MODEL, ROLLOUT, version } from '../names.ts';

const TEMPLATE: DeploymentTemplate = { ...aPolicy().deployment, code: `azureml:code:\${{model.tags.scoring-code}}` };

let platform: InMemoryPlatform;
beforeEach(() => {
  platform = new InMemoryPlatform();
  platform.addVersion(MODEL, '2', '2026-01-02T00:00:00.000Z', { 'scoring-code': '7' });
  platform.addEndpoint(FLIGHTS, { traffic: { blue: 100 }, mirror: {} });
  platform.addDeployment(FLIGHTS, BLUE);
});

describe('createGreen', () => {
  const input = {
    endpoint: FLIGHTS,
    deployment: GREEN,
    model: MODEL,
    version: version('2'),
    rolloutId: ROLLOUT,
    template: TEMPLATE,
    blueInstanceCount: 1,
  };
  const create = (changes: Partial<typeof input> = {}) => createCreateGreen(platform)({ ...input, ...changes });

  test('green is created from the template and carries the mark of its rollout', async () => {
    expect(await create()).toEqual({ kind: 'started' });
    platform.settle();
    expect(await platform.getDeployment(FLIGHTS, GREEN)).toMatchObject({
      instanceCount: 2,
      modelVersion: '2',
      tags: { 'slipway-rollout': ROLLOUT },
    });
  });

  test('green gets the capacity of blue where that is larger', async () => {
    await create({ blueInstanceCount: 5 });
    expect((await platform.getDeployment(FLIGHTS, GREEN))?.instanceCount).toBe(5);
  });

  test('repeating it starts nothing twice, neither while it is created nor afterwards', async () => {
    await create();
    expect(await create()).toEqual({ kind: 'started' });
    platform.settle();
    expect(await create()).toEqual({ kind: 'started' });
    expect(platform.writes).toEqual(['deployment green']);
  });

  test('what an earlier rollout left behind is replaced', async () => {
    const tags = { 'slipway-rollout': 'rollout.earlier' };
    platform.addDeployment(FLIGHTS, GREEN, {
      model: MODEL,
      modelVersion: version('2'),
      provisioningState: 'Failed',
      tags,
    });
    expect(await create()).toEqual({ kind: 'started' });
    platform.settle();
    expect(await platform.getDeployment(FLIGHTS, GREEN)).toMatchObject({
      provisioningState: 'Succeeded',
      tags: { 'slipway-rollout': ROLLOUT },
    });
  });

  test.each([
    ['live', { traffic: { blue: 90, green: 10 }, mirror: {} }],
    ['mirrored', { traffic: { blue: 100 }, mirror: { green: 10 } }],
  ])('a deployment of that name with %s traffic is never replaced', async (_case, split) => {
    platform.addDeployment(FLIGHTS, GREEN, { modelVersion: version('1') });
    platform.setSplit(FLIGHTS, split);
    expect(await create()).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/traffic/) });
    expect(platform.writes).toEqual([]);
  });

  test('a version without the tag that the template needs is refused by name', async () => {
    platform.addVersion(MODEL, '2', '2026-01-02T00:00:00.000Z');
    expect(await create()).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/no tag "scoring-code"/) });
  });

  test('a version that is gone is refused, an endpoint with a running operation is busy', async () => {
    expect(await create({ version: version('9') })).toMatchObject({ kind: 'refused' });
    await platform.putTraffic(FLIGHTS, { traffic: { blue: 100 }, mirror: {} });
    expect(await create()).toMatchObject({ kind: 'busy' });
  });
});

describe('readDeployment', () => {
  const read = () => createReadDeployment(platform)({ endpoint: FLIGHTS, deployment: GREEN });

  test.each([
    ['Creating', 'pending'],
    ['Updating', 'pending'],
    ['Scaling', 'pending'],
    ['Succeeded', 'ready'],
    ['Failed', 'failed'],
    ['Canceled', 'failed'],
    ['Deleting', 'deleting'],
  ])('%s is %s', async (provisioningState, state) => {
    platform.addDeployment(FLIGHTS, GREEN, { provisioningState });
    expect(await read()).toMatchObject({ state, provisioningState });
  });

  test('an absent deployment is absent', async () => {
    expect(await read()).toEqual({ state: 'absent', provisioningState: '', log: '' });
  });

  test('the end of the log comes with a failure only, at most a thousand characters of it', async () => {
    platform.getDeploymentLog = async () => `${'x'.repeat(3000)}the cause\n`;
    platform.addDeployment(FLIGHTS, GREEN, { provisioningState: 'Failed' });
    const failed = await read();
    expect(failed.log).toHaveLength(1000);
    expect(failed.log).toMatch(/the cause$/);
    platform.getDeploymentLog = async () => `${'x'.repeat(3000)}\nthe cause\n`;
    expect((await read()).log).toBe('the cause');
    platform.addDeployment(FLIGHTS, GREEN);
    expect((await read()).log).toBe('');
  });
});

describe('smokeTest', () => {
  const expectShape = {
    type: 'object',
    properties: { predictions: { type: 'array', minItems: 1, items: { type: 'number' } } },
  };
  const smokeTest = {
    requests: [
      { name: 'one', body: { data: [1] }, expect: expectShape },
      { name: 'two', body: { data: [2] }, expect: expectShape },
    ],
  } as SmokeTestPolicy;
  let scoring: ScriptedScoring;
  beforeEach(() => {
    scoring = new ScriptedScoring();
    scoring.answer = () => ({ body: { predictions: [1.5] } });
  });
  const run = () => createSmokeTest(scoring)({ endpoint: FLIGHTS, deployment: GREEN, smokeTest, timeoutMs: 3000 });

  test('it passes when every reply has the expected shape, and asks green directly', async () => {
    expect(await run()).toEqual({ passed: true, requests: 2, failures: [] });
    expect(scoring.calls.map(({ deployment, body }) => ({ deployment, body }))).toEqual([
      { deployment: 'green', body: { data: [1] } },
      { deployment: 'green', body: { data: [2] } },
    ]);
  });

  test('every request is made, and each failure names its request', async () => {
    scoring.answer = ({ body }) =>
      JSON.stringify(body).includes('1') ? { status: 424, body: 'broken' } : { body: { predictions: ['x'] } };
    expect(await run()).toEqual({
      passed: false,
      requests: 2,
      failures: [
        'one: HTTP 424 instead of 200',
        'two: the reply.predictions[0] should be a number but is of type string',
      ],
    });
  });

  test('a platform that is overloaded is no failure of green: the activity throws', async () => {
    scoring.answer = () => ({ status: 503 });
    await expect(run()).rejects.toThrow(/HTTP 503/);
  });

  test('an endpoint that may not be called is a failure that says so, not a retry', async () => {
    scoring.answer = () => {
      throw new ScoringRefused('not on the list');
    };
    expect(await run()).toMatchObject({ passed: false, failures: ['one: not on the list', 'two: not on the list'] });
  });

  test('the answer stays small whatever green replies', async () => {
    const requests = Array.from({ length: 10 }, (_value, index) => ({
      name: `r${index}`,
      body: 0,
      expect: expectShape,
    }));
    const wide = { requests } as SmokeTestPolicy;
    scoring.answer = () => ({ body: { predictions: Array(1000).fill('x') } });
    const result = await createSmokeTest(scoring)({
      endpoint: FLIGHTS,
      deployment: GREEN,
      smokeTest: wide,
      timeoutMs: 1,
    });
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(2048);
  });
});

describe('deleteDeployment', () => {
  const remove = (deployment = GREEN) => createDeleteDeployment(platform)({ endpoint: FLIGHTS, deployment });

  test('a deployment without traffic is deleted, repeating it included', async () => {
    platform.addDeployment(FLIGHTS, GREEN);
    expect(await remove()).toEqual({ kind: 'started' });
    platform.settle();
    expect(await remove()).toEqual({ kind: 'started' });
    expect(await platform.getDeployment(FLIGHTS, GREEN)).toBeNull();
  });

  test('a deployment with live or mirrored traffic is refused before Azure is asked', async () => {
    expect(await remove(BLUE)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/100 % live/) });
    platform.addDeployment(FLIGHTS, GREEN);
    platform.setSplit(FLIGHTS, { traffic: { blue: 100 }, mirror: { green: 20 } });
    expect(await remove()).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/20 % mirrored/) });
    expect(platform.writes).toEqual([]);
  });
});
