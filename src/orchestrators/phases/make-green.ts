/** `deploying` and `smoke-testing`: green exists, is ready, and answers direct requests as expected, all at 0 % of traffic. */
import type { OrchestrationContext } from 'durable-functions';
import { phaseAfterSmokeTest } from '../../domain/rollout/plan.ts';
import { move, type Progress, rollBack, stay } from '../../domain/rollout/progress.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { call, type Steps, secondsSince } from '../call.ts';

export function* deploy(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const { readyTimeoutSeconds } = state.policy.deployment;
  const late = secondsSince(ctx, state.phaseSinceIso) > readyTimeoutSeconds;
  if (late) return rollBack('deployment-failed', `${state.green} was not ready within ${readyTimeoutSeconds} s.`);
  return state.greenRequested ? yield* awaitGreen(ctx, state) : yield* requestGreen(ctx, state);
}

function* requestGreen(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const created = yield* call(ctx, 'createGreen', {
    endpoint: state.endpoint,
    deployment: state.green,
    model: state.model,
    version: state.version,
    rolloutId: state.rolloutId,
    template: state.policy.deployment,
    blueInstanceCount: state.snapshot?.blueInstanceCount ?? 0,
  });
  const { pollSeconds } = state.policy.timing;
  if (created.kind === 'busy') return stay(`Azure ML is busy: ${created.reason}`, pollSeconds);
  if (created.kind === 'refused')
    return rollBack('deployment-failed', `Azure ML refused ${state.green}: ${created.reason}`);
  return stay(`Azure ML creates ${state.green}.`, pollSeconds, { greenRequested: true });
}

function* awaitGreen(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const green = yield* call(ctx, 'readDeployment', { endpoint: state.endpoint, deployment: state.green });
  const { pollSeconds } = state.policy.timing;
  switch (green.state) {
    case 'ready':
      return move('smoke-testing', `${state.green} is ready.`);
    case 'failed':
      return rollBack('deployment-failed', failureOf(state, green));
    case 'absent':
      return stay(`${state.green} is not there; asking for it again.`, pollSeconds, { greenRequested: false });
    case 'deleting':
      return stay(`An earlier ${state.green} is still being deleted.`, pollSeconds, { greenRequested: false });
    case 'pending':
      return stay(`Azure ML creates ${state.green} (${green.provisioningState}).`, pollSeconds);
  }
}

function failureOf(state: RolloutState, green: { readonly provisioningState: string; readonly log: string }): string {
  const said = `${state.green} did not become ready (Azure ML says ${green.provisioningState}).`;
  return green.log === '' ? said : `${said} Its log ends with: ${green.log}`;
}

export function* smokeTest(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const result = yield* call(ctx, 'smokeTest', {
    endpoint: state.endpoint,
    deployment: state.green,
    smokeTest: state.policy.smokeTest,
    timeoutMs: state.policy.deployment.requestTimeoutMs,
  });
  if (!result.passed) {
    return rollBack('smoke-test-failed', `${state.green} failed its smoke test: ${result.failures.join('; ')}`);
  }
  const { to, stepIndex } = phaseAfterSmokeTest(state);
  return move(to, `${state.green} answered all ${result.requests} smoke requests as expected.`, { stepIndex });
}
