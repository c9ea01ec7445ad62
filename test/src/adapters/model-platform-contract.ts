/** What every ModelPlatform promises, the real adapter and the one in memory alike. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeploymentName, EndpointName, ModelName, ModelVersion } from '../../../src/domain/ids/names.ts';
import type { DeploymentSpec, ModelPlatform } from '../../../src/ports/model-platform.ts';

/** Serves endpoint `flights` with deployments `blue` (100 %) and `other`, of model `flights` version 1. */
export interface PlatformUnderTest {
  readonly platform: ModelPlatform;
  /** Ends the running operation. */
  settle(): Promise<void>;
  addVersion(version: string, tags: Record<string, string>): Promise<void>;
  failNextDeployment(): void;
  stop(): Promise<void>;
}

const ENDPOINT = 'flights' as EndpointName;
const ABSENT = 'absent' as EndpointName;
const MODEL = 'flights' as ModelName;
const [V1, V2, V9] = ['1', '2', '9'] as ModelVersion[] as [ModelVersion, ModelVersion, ModelVersion];
const [BLUE, OTHER, GREEN] = ['blue', 'other', 'green'] as DeploymentName[] as [
  DeploymentName,
  DeploymentName,
  DeploymentName,
];

export const SPEC: DeploymentSpec = {
  endpoint: ENDPOINT,
  deployment: GREEN,
  model: MODEL,
  version: V1,
  environment: 'azureml:flights:1',
  code: 'azureml:flights:1',
  scoringScript: 'score.py',
  instanceType: 'Standard_DS3_v2',
  instanceCount: 3,
  requestTimeoutMs: 2500,
  maxConcurrentRequestsPerInstance: 2,
  environmentVariables: { WORKER_COUNT: '2' },
  liveness: { initialDelayMs: 500, periodMs: 1000, timeoutMs: 1000, successThreshold: 1, failureThreshold: 3 },
  readiness: null,
  dataCollection: null,
  tags: { 'slipway-rollout': 'rollout.1' },
};

export function describeModelPlatform(name: string, open: () => Promise<PlatformUnderTest>): void {
  describe(`${name} as a ModelPlatform`, () => {
    let opened: PlatformUnderTest;
    let platform: ModelPlatform;
    beforeEach(async () => {
      opened = await open();
      platform = opened.platform;
    });
    afterEach(() => opened.stop());

    test('a version is read with its tags and creation time, an unknown one is null', async () => {
      await opened.addVersion('2', { 'scoring-code': '7' });
      const version = await platform.getModelVersion(MODEL, V2);
      expect(version).toMatchObject({ model: 'flights', version: '2', tags: { 'scoring-code': '7' } });
      expect(new Date(version?.createdAtIso ?? '').toISOString()).toBe(version?.createdAtIso);
      expect(await platform.getModelVersion(MODEL, V9)).toBeNull();
      expect(await platform.getModelVersion('absent' as ModelName, V1)).toBeNull();
    });

    test('versions are listed newest first, at most as many as asked for', async () => {
      await opened.addVersion('3', {});
      await opened.addVersion('2', {});
      const listed = async (limit: number) => (await platform.listModelVersions(MODEL, limit)).map((v) => v.version);
      expect(await listed(10)).toEqual(['2', '3', '1']);
      expect(await listed(2)).toEqual(['2', '3']);
      expect(await platform.listModelVersions('absent' as ModelName, 5)).toEqual([]);
    });

    test('tags are merged into those that are there', async () => {
      await opened.addVersion('2', { keep: 'me', change: 'old' });
      expect(await platform.mergeModelVersionTags(MODEL, V2, { change: 'new', add: 'this' })).toEqual({
        kind: 'accepted',
      });
      expect((await platform.getModelVersion(MODEL, V2))?.tags).toEqual({ keep: 'me', change: 'new', add: 'this' });
      expect(await platform.mergeModelVersionTags(MODEL, V9, { a: 'b' })).toMatchObject({ kind: 'refused' });
    });

    test('an endpoint shows its split and state, an unknown one is null', async () => {
      expect(await platform.getEndpoint(ENDPOINT)).toMatchObject({
        endpoint: 'flights',
        provisioningState: 'Succeeded',
        split: { traffic: { blue: 100 }, mirror: {} },
        scoringUri: expect.stringMatching(/^https:/),
      });
      expect(await platform.getEndpoint(ABSENT)).toBeNull();
    });

    test('traffic and mirror are replaced as a whole and read back', async () => {
      const mirrored = { traffic: { blue: 100 }, mirror: { other: 20 } };
      expect(await platform.putTraffic(ENDPOINT, mirrored)).toEqual({ kind: 'accepted' });
      await opened.settle();
      expect((await platform.getEndpoint(ENDPOINT))?.split).toEqual(mirrored);
      expect(await platform.putTraffic(ENDPOINT, { traffic: { blue: 90, other: 10 }, mirror: {} })).toEqual({
        kind: 'accepted',
      });
      await opened.settle();
      expect((await platform.getEndpoint(ENDPOINT))?.split).toEqual({ traffic: { blue: 90, other: 10 }, mirror: {} });
    });

    test.each([
      ['a sum of 90', { traffic: { blue: 90 }, mirror: {} }],
      ['a deployment that does not exist', { traffic: { blue: 50, nobody: 50 }, mirror: {} }],
      ['a mirror of 60 %', { traffic: { blue: 100 }, mirror: { other: 60 } }],
      ['a mirror with live traffic', { traffic: { blue: 90, other: 10 }, mirror: { other: 10 } }],
    ])('%s is refused and changes nothing', async (_case, split) => {
      expect(await platform.putTraffic(ENDPOINT, split)).toMatchObject({
        kind: 'refused',
        reason: expect.stringMatching(/\w/),
      });
      expect((await platform.getEndpoint(ENDPOINT))?.split).toEqual({ traffic: { blue: 100 }, mirror: {} });
    });

    test('traffic of an unknown endpoint is refused', async () => {
      expect(await platform.putTraffic(ABSENT, { traffic: {}, mirror: {} })).toMatchObject({ kind: 'refused' });
    });

    test('a second write while an operation runs is busy, and accepted afterwards', async () => {
      const split = { traffic: { blue: 90, other: 10 }, mirror: {} };
      expect(await platform.putTraffic(ENDPOINT, split)).toEqual({ kind: 'accepted' });
      expect((await platform.getEndpoint(ENDPOINT))?.provisioningState).toBe('Updating');
      expect(await platform.putTraffic(ENDPOINT, split)).toMatchObject({
        kind: 'busy',
        reason: expect.stringMatching(/\w/),
      });
      expect(await platform.putDeployment(SPEC)).toMatchObject({ kind: 'busy' });
      await opened.settle();
      expect(await platform.putTraffic(ENDPOINT, split)).toEqual({ kind: 'accepted' });
      await opened.settle();
    });

    test('a created deployment is pending first, then ready with what it was created with', async () => {
      expect(await platform.getDeployment(ENDPOINT, GREEN)).toBeNull();
      expect(await platform.putDeployment(SPEC)).toEqual({ kind: 'accepted' });
      expect((await platform.getDeployment(ENDPOINT, GREEN))?.provisioningState).toBe('Creating');
      await opened.settle();
      expect(await platform.getDeployment(ENDPOINT, GREEN)).toEqual({
        deployment: 'green',
        provisioningState: 'Succeeded',
        instanceCount: 3,
        model: 'flights',
        modelVersion: '1',
        tags: { 'slipway-rollout': 'rollout.1' },
      });
      expect((await platform.getEndpoint(ENDPOINT))?.split.traffic).toEqual({ blue: 100 });
    });

    test('a deployment that does not start is shown as failed, and its log can be read', async () => {
      opened.failNextDeployment();
      expect(await platform.putDeployment(SPEC)).toEqual({ kind: 'accepted' });
      await opened.settle();
      expect((await platform.getDeployment(ENDPOINT, GREEN))?.provisioningState).toBe('Failed');
      expect(await platform.getDeploymentLog(ENDPOINT, GREEN, 5)).toContain('green');
      expect(await platform.getDeploymentLog(ENDPOINT, 'nobody' as DeploymentName, 5)).toBe('');
    });

    test.each([
      ['of a version that does not exist', { version: V9 }],
      ['with code that is no asset', { code: './src' }],
      ['on an endpoint that does not exist', { endpoint: ABSENT }],
    ])('a deployment %s is refused', async (_case, changes) => {
      const outcome = await platform.putDeployment({ ...SPEC, ...changes });
      expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/\w/) });
    });

    test('a deployment with traffic stays, one without goes, an absent one counts as gone', async () => {
      expect(await platform.deleteDeployment(ENDPOINT, BLUE)).toMatchObject({ kind: 'refused' });
      expect(await platform.deleteDeployment(ENDPOINT, OTHER)).toEqual({ kind: 'accepted' });
      await opened.settle();
      expect(await platform.getDeployment(ENDPOINT, OTHER)).toBeNull();
      expect(await platform.getDeployment(ENDPOINT, BLUE)).not.toBeNull();
      expect(await platform.deleteDeployment(ENDPOINT, OTHER)).toEqual({ kind: 'accepted' });
    });
  });
}
