/** assessVersion, takeSnapshot and tagVersion: which versions are rolled out, and from which starting point. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createAssessVersion } from '../../../../src/activities/rollout/assess-version.ts';
import { createTagVersion } from '../../../../src/activities/rollout/tag-version.ts';
import { createTakeSnapshot } from '../../../../src/activities/rollout/take-snapshot.ts';
import type { DeploymentName, EndpointName } from '../../../../src/domain/ids/names.ts';
import { InMemoryPlatform } from '../../fakes/in-memory-platform.ts';
import { BLUE, FLIGHTS, GREEN, MODEL, ROLLOUT, version } from '../names.ts';

const DAY = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();

describe('assessVersion', () => {
  let platform: InMemoryPlatform;
  beforeEach(() => {
    platform = new InMemoryPlatform();
    platform.addVersion(MODEL, '1', DAY(1));
    platform.addVersion(MODEL, '2', DAY(2));
    platform.addEndpoint(FLIGHTS, { traffic: { blue: 100 }, mirror: {} });
    platform.addDeployment(FLIGHTS, BLUE, { model: MODEL, modelVersion: version('1') });
  });

  const assess = (name = '2', attempt = 1) =>
    createAssessVersion(platform)({
      endpoint: FLIGHTS,
      model: MODEL,
      version: version(name),
      rolloutId: ROLLOUT,
      attempt,
    });

  test('a version that was created after the serving one is eligible', async () => {
    expect(await assess()).toEqual({ kind: 'eligible', createdAtIso: DAY(2) });
  });

  test('newer means created later, not numbered higher', async () => {
    platform.addVersion(MODEL, '9', DAY(1));
    platform.addVersion(MODEL, '0', DAY(3));
    expect(await assess('9')).toMatchObject({
      kind: 'ignored',
      reason: expect.stringMatching(/not newer than version 1/),
    });
    expect(await assess('0')).toMatchObject({ kind: 'eligible' });
  });

  test('an unknown version and the one that serves already are ignored', async () => {
    expect(await assess('7')).toMatchObject({ kind: 'ignored', reason: expect.stringMatching(/does not exist/) });
    expect(await assess('1')).toMatchObject({
      kind: 'ignored',
      reason: expect.stringMatching(/serves flights already/),
    });
  });

  test.each(['live', 'rejected', 'superseded'])(
    'a version that another rollout marked %s is ignored',
    async (status) => {
      platform.addVersion(MODEL, '2', DAY(2), { 'slipway-status': status, 'slipway-rollout': 'rollout.other' });
      expect(await assess()).toMatchObject({
        kind: 'ignored',
        reason: expect.stringContaining(`${status} by rollout.other`),
      });
    },
  );

  test('a rejected version may be retried', async () => {
    platform.addVersion(MODEL, '2', DAY(2), { 'slipway-status': 'rejected', 'slipway-rollout': 'rollout.other' });
    expect(await assess('2', 2)).toMatchObject({ kind: 'eligible' });
  });

  test('a mark of this very rollout does not stop it, nor does an unknown mark', async () => {
    platform.addVersion(MODEL, '2', DAY(2), { 'slipway-status': 'rejected', 'slipway-rollout': ROLLOUT });
    expect(await assess()).toMatchObject({ kind: 'eligible' });
    platform.addVersion(MODEL, '2', DAY(2), { 'slipway-status': 'whatever' });
    expect(await assess()).toMatchObject({ kind: 'eligible' });
  });

  test('without an endpoint, traffic or a version of the same model there is nothing to be newer than', async () => {
    platform.addDeployment(FLIGHTS, BLUE, { model: 'other-model' as never, modelVersion: version('2') });
    expect(await assess('1')).toMatchObject({ kind: 'eligible' });
    platform.setSplit(FLIGHTS, { traffic: {}, mirror: {} });
    expect(await assess('1')).toMatchObject({ kind: 'eligible' });
    const absent = { model: MODEL, version: version('1'), rolloutId: ROLLOUT, attempt: 1 };
    const nowhere = await createAssessVersion(platform)({ ...absent, endpoint: 'absent' as EndpointName });
    expect(nowhere).toMatchObject({ kind: 'eligible' });
  });
});

describe('takeSnapshot', () => {
  let platform: InMemoryPlatform;
  beforeEach(() => {
    platform = new InMemoryPlatform();
  });
  const NOW_MS = Date.UTC(2026, 2, 1);
  const take = (green: DeploymentName = GREEN) =>
    createTakeSnapshot(platform, { nowMs: () => NOW_MS })({ endpoint: FLIGHTS, green });

  test('the split, the largest deployment, its capacity and its version are recorded', async () => {
    platform.addEndpoint(FLIGHTS, { traffic: { blue: 80, other: 20 }, mirror: { third: 10 } });
    platform.addDeployment(FLIGHTS, BLUE, { instanceCount: 4, model: MODEL, modelVersion: version('1') });
    expect(await take()).toEqual({
      kind: 'taken',
      snapshot: {
        split: { traffic: { blue: 80, other: 20 }, mirror: { third: 10 } },
        blue: 'blue',
        blueInstanceCount: 4,
        blueModelVersion: '1',
        takenAtIso: new Date(NOW_MS).toISOString(),
      },
    });
  });

  test('an endpoint that serves nothing yet has no blue', async () => {
    platform.addEndpoint(FLIGHTS);
    expect(await take()).toMatchObject({
      kind: 'taken',
      snapshot: { blue: null, blueInstanceCount: 0, blueModelVersion: null },
    });
  });

  test('an endpoint on which an operation runs is unsettled', async () => {
    platform.addEndpoint(FLIGHTS, { traffic: {}, mirror: {} }, 'Updating');
    expect(await take()).toMatchObject({ kind: 'unsettled', reason: expect.stringMatching(/Updating/) });
  });

  test.each(['Failed', 'Canceled', 'Deleting'])('an endpoint in state %s is unusable', async (state) => {
    platform.addEndpoint(FLIGHTS, { traffic: {}, mirror: {} }, state);
    expect(await take()).toMatchObject({ kind: 'unusable', reason: expect.stringContaining(state) });
  });

  test.each([
    ['live traffic', { traffic: { blue: 90, green: 10 }, mirror: {} }],
    ['mirrored traffic', { traffic: { blue: 100 }, mirror: { green: 10 } }],
  ])('a green that has %s before the rollout makes the endpoint unusable', async (_case, split) => {
    platform.addEndpoint(FLIGHTS, split);
    platform.addDeployment(FLIGHTS, BLUE);
    expect(await take()).toMatchObject({ kind: 'unusable', reason: expect.stringMatching(/green has/) });
  });

  test('a green that serves everything already is shown as blue', async () => {
    platform.addEndpoint(FLIGHTS, { traffic: { green: 100 }, mirror: {} });
    platform.addDeployment(FLIGHTS, GREEN);
    expect(await take()).toMatchObject({ kind: 'taken', snapshot: { blue: 'green' } });
  });

  test('an unknown endpoint is unusable, one whose blue cannot be read yet is unsettled', async () => {
    expect(await take()).toMatchObject({ kind: 'unusable' });
    platform.addEndpoint(FLIGHTS, { traffic: { blue: 100 }, mirror: {} });
    expect(await take()).toMatchObject({ kind: 'unsettled' });
  });
});

describe('tagVersion', () => {
  const TAGS = { 'slipway-status': 'live' };

  test('tags are written, repeating it included', async () => {
    const platform = new InMemoryPlatform();
    platform.addVersion(MODEL, '2', DAY(2), { keep: 'me' });
    const tag = () => createTagVersion(platform)({ model: MODEL, version: version('2'), tags: TAGS });
    expect(await tag()).toEqual({ kind: 'tagged' });
    expect(await tag()).toEqual({ kind: 'tagged' });
    expect((await platform.getModelVersion(MODEL, version('2')))?.tags).toEqual({ keep: 'me', ...TAGS });
  });

  test('a version that is gone is refused, one that is being changed is tried again', async () => {
    const platform = new InMemoryPlatform();
    const tag = () => createTagVersion(platform)({ model: MODEL, version: version('2'), tags: TAGS });
    expect(await tag()).toMatchObject({ kind: 'refused' });
    platform.mergeModelVersionTags = async () => ({ kind: 'busy', reason: 'locked' });
    await expect(tag()).rejects.toThrow(/locked/);
  });
});
