/** What happens about a latency alert while no rollout runs on the endpoint: what the policy says, and a person is always told. */
import { SCALE_OUT_ORCHESTRATOR } from '../contracts/names.ts';
import { type LatencyAction, latencyActionOf } from '../domain/alerts/latency-action.ts';
import { breachesOf, describeAlert, type LatencyAlert } from '../domain/alerts/latency-alert.ts';
import { type ScaleOutRequest, scaleOutIdOf } from '../domain/alerts/scale-out.ts';
import type { EventOutcome } from '../domain/audit/record.ts';
import type { Policies } from '../domain/policy/policies.ts';
import type { RolloutPolicy } from '../domain/policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventPublisher } from '../ports/events.ts';
import type { ModelPlatform } from '../ports/model-platform.ts';
import type { OrchestrationControl } from '../ports/orchestration-control.ts';

/** What to do about an alert while no rollout runs; `eventId` makes a repeat harmless. */
export type ActOnAlert = (alert: LatencyAlert, eventId: string, control: OrchestrationControl) => Promise<EventOutcome>;

/** Starts a retraining because of this alert; the same reference starts one only. */
export type RetrainOnAlert = (
  policy: RolloutPolicy,
  trigger: { readonly reference: string; readonly sentence: string },
  control: OrchestrationControl,
) => Promise<{ readonly retrainingId: string; readonly started: boolean }>;

export interface ActPorts {
  readonly platform: Pick<ModelPlatform, 'getDeployment'>;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
  readonly retrain: RetrainOnAlert;
}

interface Occasion {
  readonly alert: LatencyAlert;
  readonly eventId: string;
}

export function createActOnAlert(ports: ActPorts, policies: Policies): ActOnAlert {
  return async (alert, eventId, control) => {
    const policy = await policyOf(ports, policies, alert);
    const action: LatencyAction = policy ? latencyActionOf(policy) : { kind: 'notify' };
    const occasion = { alert, eventId };
    if (policy && action.kind === 'retrain') return retrain(ports, policy, occasion, control);
    if (action.kind === 'scale-out') return startScaleOut(ports, action.maxInstanceCount, occasion, control);
    return notify(ports, policy, occasion);
  };
}

/** An endpoint may serve several models: the policy of the slowest deployment's model counts. */
async function policyOf({ platform }: ActPorts, policies: Policies, alert: LatencyAlert) {
  const candidates = policies.ofEndpoint(alert.endpoint);
  const [slowest] = breachesOf(alert);
  if (candidates.length < 2 || !slowest) return candidates[0] ?? null;
  const served = await platform.getDeployment(alert.endpoint, slowest.deployment);
  return served?.model ? policies.governing(alert.endpoint, served.model) : null;
}

async function retrain(
  ports: ActPorts,
  policy: RolloutPolicy,
  { alert, eventId }: Occasion,
  control: OrchestrationControl,
): Promise<EventOutcome> {
  const trigger = { reference: eventId, sentence: `Latency alert: ${describeAlert(alert)}.` };
  const { retrainingId, started } = await ports.retrain(policy, trigger, control);
  const reason = started ? `Started ${retrainingId}.` : `${retrainingId} was started before.`;
  return { outcome: started ? 'started' : 'duplicate', code: 'retraining', reason, rolloutId: retrainingId };
}

/** The orchestration tells people what became of it. */
async function startScaleOut(
  { clock }: ActPorts,
  maxInstanceCount: number,
  { alert, eventId }: Occasion,
  control: OrchestrationControl,
): Promise<EventOutcome> {
  const [slowest] = breachesOf(alert);
  if (!slowest) return { outcome: 'ignored', code: 'not-slow', reason: 'No deployment is too slow.', rolloutId: null };
  const scaleOutId = scaleOutIdOf(alert.endpoint, eventId);
  const request: ScaleOutRequest = {
    scaleOutId,
    endpoint: alert.endpoint,
    deployment: slowest.deployment,
    maxInstanceCount,
    reason: `${describeAlert(alert)}.`,
    requestedAtIso: new Date(clock.nowMs()).toISOString(),
  };
  const started = await control.startOnce(SCALE_OUT_ORCHESTRATOR, scaleOutId, request);
  const reason = started ? `Adds an instance to ${slowest.deployment}.` : `${scaleOutId} was started before.`;
  return { outcome: started ? 'started' : 'duplicate', code: 'scale-out', reason, rolloutId: scaleOutId };
}

async function notify(
  { publisher, clock }: ActPorts,
  policy: RolloutPolicy | null,
  { alert, eventId }: Occasion,
): Promise<EventOutcome> {
  const reason = `${describeAlert(alert)}. No rollout runs on ${alert.endpoint}.`;
  await publisher.publish({
    id: `${eventId}.told`,
    type: 'Slipway.Alert.OperatorNeeded',
    subject: `endpoints/${alert.endpoint}`,
    timeIso: new Date(clock.nowMs()).toISOString(),
    data: { ...alert, model: policy?.model ?? null, reason },
  });
  return { outcome: 'delivered', code: 'notified', reason, rolloutId: null };
}
