/** A latency alert without a rollout: tell, add an instance, or retrain, as the policy says, and never twice. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createActOnAlert } from '../../../src/commands/act-on-alert.ts';
import { latencyActionOf } from '../../../src/domain/alerts/latency-action.ts';
import type { LatencyAlert } from '../../../src/domain/alerts/latency-alert.ts';
import type { DeploymentName, EndpointName, ModelName } from '../../../src/domain/ids/names.ts';
import { createPolicies } from '../../../src/domain/policy/policies.ts';
import type { RolloutPolicy } from '../../../src/domain/policy/policy.ts';
import type { DeploymentView } from '../../../src/ports/model-platform.ts';
import { aPolicy, NOW } from '../domain/a-policy.ts';
import { InMemoryControl } from '../fakes/in-memory-control.ts';
import { RecordingPublisher } from '../fakes/recording-publisher.ts';

const ALERT: LatencyAlert = {
  rule: 'ep-p95',
  endpoint: 'flights' as EndpointName,
  metric: 'RequestLatency_P95',
  operator: 'GreaterThan',
  thresholdMs: 250,
  firedAtIso: NOW,
  readings: [
    { deployment: 'other' as DeploymentName, value: 80 },
    { deployment: 'blue' as DeploymentName, value: 412 },
  ],
};

let publisher: RecordingPublisher;
let control: InMemoryControl;
let retrained: string[];
beforeEach(() => {
  publisher = new RecordingPublisher();
  control = new InMemoryControl();
  retrained = [];
});

function withAction(
  latencyAlert: 'retrain' | 'scale-out' | 'notify',
  maxInstanceCount: number | null = 4,
): RolloutPolicy {
  const policy = aPolicy();
  const retrain = { triggers: { latencyAlert } };
  return { ...policy, deployment: { ...policy.deployment, maxInstanceCount }, retrain } as unknown as RolloutPolicy;
}

function act(policies: readonly RolloutPolicy[], served: string | null = 'air-time') {
  const platform = { getDeployment: async () => ({ model: served }) as unknown as DeploymentView };
  const retrain = async (policy: RolloutPolicy, { reference }: { reference: string }) => {
    retrained.push(`${policy.model} ${reference}`);
    return { retrainingId: 'retrain.flights', started: retrained.length === 1 };
  };
  const ports = { platform, publisher, clock: { nowMs: () => Date.parse(NOW) }, retrain };
  return createActOnAlert(ports, createPolicies(policies))(ALERT, 'alert.1', control);
}

describe('an alert without a rollout', () => {
  it('tells people when the policy says nothing else', async () => {
    expect(await act([aPolicy()])).toMatchObject({ outcome: 'delivered', code: 'notified' });
    expect(publisher.published).toMatchObject([
      {
        id: 'alert.1.told',
        type: 'Slipway.Alert.OperatorNeeded',
        data: { model: 'air-time', reason: expect.stringContaining('blue 412 ms') },
      },
    ]);
    expect(control.instances.size).toBe(0);
  });

  it('adds an instance to the slow deployment, once', async () => {
    expect(await act([withAction('scale-out')])).toMatchObject({ outcome: 'started', code: 'scale-out' });
    expect(await act([withAction('scale-out')])).toMatchObject({ outcome: 'duplicate', code: 'scale-out' });
    expect([...control.instances.values()]).toMatchObject([
      { orchestrator: 'scaleOut', input: { endpoint: 'flights', deployment: 'blue', maxInstanceCount: 4 } },
    ]);
  });

  it('starts a retraining, once', async () => {
    expect(await act([withAction('retrain')])).toMatchObject({ outcome: 'started', rolloutId: 'retrain.flights' });
    expect(await act([withAction('retrain')])).toMatchObject({ outcome: 'duplicate' });
    expect(retrained).toEqual(['air-time alert.1', 'air-time alert.1']);
  });

  it('on an endpoint of several models follows the policy of the one that is slow', async () => {
    const other = { ...withAction('retrain'), model: 'other' as ModelName };
    expect(await act([other, withAction('notify')])).toMatchObject({ code: 'notified' });
    expect(await act([withAction('notify'), other], 'other')).toMatchObject({ code: 'retraining' });
    expect(await act([withAction('retrain'), other], null)).toMatchObject({ code: 'notified' });
  });

  it('without a limit is not scaled out', () => {
    expect(latencyActionOf(withAction('scale-out', null))).toEqual({ kind: 'notify' });
    expect(latencyActionOf(withAction('scale-out', 4))).toEqual({ kind: 'scale-out', maxInstanceCount: 4 });
  });
});
