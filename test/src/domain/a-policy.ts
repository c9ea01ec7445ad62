/** A small valid policy and rollout state; tests change what they are about. */
import type { DeploymentName, EndpointName, ModelName, ModelVersion } from '../../../src/domain/ids/names.ts';
import { deploymentNameOf, rolloutIdOf } from '../../../src/domain/ids/names.ts';
import type { RolloutPolicy } from '../../../src/domain/policy/policy.ts';
import { type EndpointSnapshot, newRolloutState, type RolloutState } from '../../../src/domain/rollout/state.ts';

export const NOW = '2026-03-01T12:00:00.000Z';

export function aPolicy(changes: Partial<RolloutPolicy> = {}): RolloutPolicy {
  return {
    name: 'flights',
    endpoint: 'flights' as EndpointName,
    model: 'air-time' as ModelName,
    deployment: {
      environment: 'azureml:env:1',
      code: 'azureml:code:1',
      scoringScript: 'score.py',
      instanceType: 'Standard_DS3_v2',
      instanceCount: 2,
      maxInstanceCount: null,
      requestTimeoutMs: 3000,
      maxConcurrentRequestsPerInstance: 2,
      environmentVariables: {},
      liveness: null,
      readiness: null,
      readyTimeoutSeconds: 600,
      dataCollection: null,
    },
    smokeTest: { requests: [{ name: 'one', body: {}, expect: { type: 'number' } }] },
    shadow: { mirrorPercent: 20, dwellBuckets: 5 },
    steps: [
      { weight: 10, dwellBuckets: 5 },
      { weight: 50, dwellBuckets: 5 },
    ],
    canary: {
      bucketSeconds: 60,
      settleBuckets: 1,
      latestBuckets: 5,
      noDataBuckets: 3,
      warmUpBuckets: 0,
      soakBuckets: 5,
      horizonBuckets: 60,
      onHorizon: 'hold',
      alpha: 0.05,
      beta: 0.05,
      betaStep: 0.2,
      designEffect: { errors: 1, latency: 1, replica: null },
      errors: { margin: 0.002, promoteMargin: 0.0075 },
      latency: { margin: 0.1, promoteMargin: 0.35, promoteQuantiles: [50, 95, 99] },
      predictions: null,
      outcomes: null,
    },
    approval: { beforeWeights: [50], timeoutSeconds: 3600 },
    bake: { dwellBuckets: 5 },
    keep: { blue: 'delete', rejectedGreen: 'delete' },
    whenBusy: 'wait',
    timing: { pollSeconds: 10, trafficTimeoutSeconds: 600, rolloutTimeoutSeconds: 86_400 },
    monitor: null,
    retrain: null,
    ...changes,
  };
}

export function aSnapshot(changes: Partial<EndpointSnapshot> = {}): EndpointSnapshot {
  return {
    split: { traffic: { blue: 100 }, mirror: {} },
    blue: 'blue' as DeploymentName,
    blueInstanceCount: 2,
    blueModelVersion: '1' as ModelVersion,
    takenAtIso: NOW,
    ...changes,
  };
}

export function aState(changes: Partial<RolloutState> = {}): RolloutState {
  const policy = changes.policy ?? aPolicy();
  const version = '2' as ModelVersion;
  const key = { endpoint: policy.endpoint, model: policy.model, version, attempt: 1 };
  const cause = { kind: 'http', reference: 'test' } as const;
  const fresh = newRolloutState(
    { ...key, rolloutId: rolloutIdOf(key), cause, policy, green: deploymentNameOf(policy.model, version) },
    NOW,
  );
  return { ...fresh, ...changes };
}
